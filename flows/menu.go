package flows

import "lensan/bot"

// Hello greets and shows what can be done.
func Hello(t *Talk) {
	t.Say("hello", t.office())
	t.menu()
}

// Menu shows what can be done.
func Menu(t *Talk) {
	t.Say("menu")
	t.menu()
}

// menu offers what works, half-done talks first.
func (t *Talk) menu() {
	for _, o := range t.Unfinished() {
		t.Add(o)
	}
	t.Next(bot.Wish{Flow: "register"}, bot.Wish{Flow: "products"}, bot.Wish{Flow: "mydata"}, bot.Wish{Flow: "officer"})
}

// Later answers a wish that is understood and not built yet.
func Later(t *Talk) {
	what := t.Arg
	if !t.Has("later." + what) {
		what = "else"
	}
	t.Say("later."+what, t.office())
	t.Next(bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
}

// Language changes the language of the chat. Other languages than Vietnamese
// and English are offered a call by a person.
func Language(t *Talk) {
	switch t.Choose("language", []string{"vi", "en", "else"}) {
	case "vi":
		t.Speak("vi")
	case "en":
		t.Speak("en")
	case "else":
		t.Say("bot.unsupported_language")
		t.Next(bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
		return
	}
	t.Say("bot.language.changed")
	t.Next(bot.Wish{Flow: "menu"})
}
