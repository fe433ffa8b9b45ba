// Package flows is what the bot says and does: one conversation a file, with the
// jobs that belong to it. Its tests are the conversations themselves, in
// testdata/.
package flows

import (
	"context"
	_ "embed"
	"errors"
	"slices"
	"strconv"
	"unicode"
	"unicode/utf8"

	"lensan/bot"
	"lensan/bot/vietnamese"
	"lensan/locales"
	"lensan/store"
)

// Config is what the conversations need of the service.
type Config struct {
	DB      *store.DB
	Content func() *locales.Content    // the office's content folder as it is now
	Address Address                    // nil: files have no address
	Invited func(code string) []string // addresses that open a chat with the code of an invitation; nil: there are none
	Files   store.Blobs                // where what is made for people is put; nil: nothing is made
	Demo    bool                       // sample people are offered, to try the bot as them
	Known   func(said string) bool     // whether a product or producer goes by what was said; nil: the DB knows
}

// Talk is [bot.Talk] with the questions that know our records.
type Talk struct {
	*bot.Talk
	config Config
}

// content is the office's content folder as it is now.
func (t *Talk) content() *locales.Content { return t.config.Content() }

// flows are all conversations by name. A name is never reused for another one.
var flows = map[string]func(*Talk){
	"hello":     Hello,
	"menu":      Menu,
	"register":  Register,
	"complete":  Complete,
	"products":  Products,
	"change":    Change,
	"withdraw":  Withdraw,
	"mydata":    MyData,
	"correct":   CorrectMe,
	"forget":    Forget,
	"officer":   Officer,
	"reminders": Reminders,
	"language":  Language,
	"later":     Later,
	"nudge":     Nudge,
	"lostphoto": LostPhoto,
	"link":      Link,
	"linked":    Linked,
	"unlink":    Unlink,
	"unlinked":  Unlinked,
	"withdrawn": Withdrawn,

	"list":      List,
	"list_told": ListTold,
	"list_look": ListLook,

	"status":       Status,
	"expiry":       Expiry,
	"certificates": Certificates,
	"claim":        Claim,
	"claims":       Claims,
	"asked":        Asked,
	"decide":       Decide,
	"decided":      Decided,
	"calls":        Calls,
	"requests":     Requests,
	"request_told": RequestTold,
	"request_back": RequestBack,
	"answered":     Answered,

	"invite":     Invite,
	"accept":     Accept,
	"team":       Team,
	"role_ended": RoleEnded,
	"audited":    Audited,
	"speaker":    Speaker,
	"persona":    Persona,
	"merge":      MergeProducers,
	"undo":       UndoMerge,
	"parted":     Parted,
}

// ownTalks are those that the bot opens on its own alone: nobody can make it say them.
var ownTalks = []string{"nudge", "lostphoto", "linked", "unlinked", "withdrawn", "asked", "decided", "request_told", "request_back", "answered", "list_told", "role_ended", "parted"}

//go:embed wishes.txt
var wishRules string

// New makes the script of all conversations.
func New(c Config) (*bot.Script, error) {
	matcher, err := Wishes()
	if err != nil {
		return nil, err
	}
	if c.Known == nil {
		c.Known = c.DB.Known
	}
	s := &bot.Script{
		Flows:     map[string]func(*bot.Talk){},
		Own:       ownTalks,
		Hello:     bot.Wish{Flow: "hello"},
		Menu:      bot.Wish{Flow: "menu"},
		Person:    bot.Wish{Flow: "officer"},
		Quiet:     bot.Wish{Flow: "reminders", Arg: "off"},
		Withdrawn: bot.Wish{Flow: "withdrawn"},
		Remind:    bot.Wish{Flow: "reminders", Arg: "on"},
		File:      listWish,
		Province:  func() string { return c.Content().Office.Province },
		Code: func(text string) (bot.Wish, bool) {
			if code, ok := store.ReadInvitation(text); ok {
				return bot.Wish{Flow: "accept", Arg: code}, true
			}
			code, ok := store.ReadLink(text)
			return bot.Wish{Flow: "link", Arg: code}, ok
		},
		Wishes: func(text string) []bot.Match {
			var all []bot.Match
			for _, m := range matcher.Match(text) {
				if w, ok := intents[m.Intent]; ok {
					all = append(all, bot.Match{Wish: about(w, text, m.Score), Score: m.Score})
				}
			}
			taken := slices.ContainsFunc(all, func(m bot.Match) bool { return m.Score >= vietnamese.Take || m.Wish.Flow == "status" })
			return append(named(c.Known, text, !taken), all...)
		},
	}
	for name, flow := range flows {
		s.Flows[name] = func(t *bot.Talk) { flow(&Talk{t, c}) }
	}
	return s, nil
}

// intents are what people ask for (wishes.txt) and the conversation that answers
// it. What is not built yet is recognised and answered so.
var intents = map[string]bot.Wish{
	"register_product": {Flow: "register"},
	"check_status":     {Flow: "status"},
	"my_products":      {Flow: "products"},
	"complete_product": {Flow: "complete"},
	"change_product":   {Flow: "change"},
	"withdraw_product": {Flow: "withdraw"},
	"my_data":          {Flow: "mydata"},
	"link":             {Flow: "link"},
	"unlink":           {Flow: "unlink"},
	"delete_data":      {Flow: "forget"},
	"help_human":       {Flow: "officer"},
	"send_list":        {Flow: "list"},
	"see_list":         {Flow: "list_look"},
	"invite":           {Flow: "invite"},
	"team":             {Flow: "team"},
	"audited":          {Flow: "audited"},
	"speaker":          {Flow: "speaker"},
	"merge":            {Flow: "merge"},
	"undo":             {Flow: "undo"},
	"language":         {Flow: "language"},
	"menu":             {Flow: "menu"},
	"greeting":         {Flow: "hello"},
	"expiry":           {Flow: "expiry"},
	"certificates":     {Flow: "certificates"},
	"claim":            {Flow: "claim"},
	"claims":           {Flow: "claims"},
	"calls":            {Flow: "calls"},
	"requests":         {Flow: "requests"},
	"book_training":    {Flow: "later", Arg: "training"},
	"cancel_booking":   {Flow: "later", Arg: "training"},
	"open_shop":        {Flow: "later", Arg: "shop"},
	"open_payment":     {Flow: "later", Arg: "payment"},
	"packaging":        {Flow: "later", Arg: "packaging"},
	"broadcast":        {Flow: "later", Arg: "officers"},
	"report":           {Flow: "later", Arg: "officers"},
}

// Do changes records, in the turn's transaction; see [bot.Do]. The person is
// held for the time of it, so that they are not merged with another meanwhile.
func Do[T any](t *Talk, name string, change func(context.Context, *store.Tx) (T, error)) T {
	return bot.Do(t.Talk, name, func(tx bot.Tx) (T, error) {
		s := tx.(*store.Tx)
		if p := t.Person(); p != 0 {
			var merged *store.MergedError
			if err := s.LockPerson(t.Context(), p); errors.As(err, &merged) {
				return *new(T), bot.ErrAgain // the chat's row names the other by now
			} else if err != nil {
				return *new(T), err
			}
		}
		return change(t.Context(), s)
	})
}

// Know looks records up once and keeps the answer; see [bot.Know].
func Know[T any](t *Talk, name string, look func(context.Context, *store.Reader) (T, error)) T {
	return bot.Know(t.Talk, name, func() (T, error) {
		if tx := t.Tx(); tx != nil {
			return look(t.Context(), &tx.(*store.Tx).Reader)
		}
		return look(t.Context(), t.config.DB.Read())
	})
}

// office is what texts say of the office.
func (t *Talk) office() bot.Vars {
	o := t.content().Office
	return bot.Vars{"office": o.Name, "address": o.Address, "phone": o.Phone, "hours": o.Hours}
}

// numbered are records as the options of a question: by their numbers, under what
// [bot.Labels] is given.
func numbered[T any](list []T, number func(T) int64, name func(T) string) (codes []string, label func(string) string) {
	byCode := map[string]string{}
	for _, v := range list {
		code := strconv.FormatInt(number(v), 10)
		codes, byCode[code] = append(codes, code), name(v)
	}
	return codes, func(code string) string { return byCode[code] }
}

// commune is a commune's name within a sentence ("xã Mường Khương"); empty for
// an unknown code.
func commune(code string) string {
	c, _ := vietnamese.CommuneByCode(code)
	first, size := utf8.DecodeRuneInString(c.FullName)
	if size == 0 {
		return ""
	}
	return string(unicode.ToLower(first)) + c.FullName[size:]
}
