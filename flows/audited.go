package flows

import (
	"context"
	"strings"

	"lensan/bot"
	"lensan/store"
)

// maxAudited is how many lines about oneself are shown.
const maxAudited = 8

// Audited tells a person what officers and those who run the service did to their
// records: as what, where and when, and no names.
func Audited(t *Talk) {
	log := Know(t, "audited.log", func(ctx context.Context, r *store.Reader) ([]store.AuditEntry, error) {
		if t.Person() == 0 {
			return nil, nil
		}
		return r.AuditOf(ctx, t.Person(), 100)
	})
	var lines []string
	for _, e := range log {
		line := t.Phrase("audited.line", bot.Vars{"at": e.At.In(store.Zone).Format("2006-01-02"), "who": t.actor(e), "act": t.act(e.Act)})
		if len(lines) == 0 || lines[len(lines)-1] != line { // the same, for one record after the other
			lines = append(lines, line)
		}
	}
	more := max(0, len(lines)-maxAudited)
	t.Say("audited.say", bot.Vars{"lines": strings.Join(lines[:len(lines)-more], "\n"), "n": more})
	t.Next(bot.Wish{Flow: "mydata"}, bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
}

// actor names who did something, as what they acted.
func (t *Talk) actor(e store.AuditEntry) string {
	if kind, areas, _ := strings.Cut(e.Office, " "); kind != "" {
		return t.roleName(kind, strings.Fields(areas), "")
	}
	if strings.HasPrefix(e.Actor, "job ") {
		return t.Phrase("audited.by.job", nil)
	}
	return t.Phrase("audited.by.command", nil)
}

// act names what was done.
func (t *Talk) act(act string) string {
	if id := "audited.act." + strings.ReplaceAll(act, " ", "_"); t.Has(id) {
		return t.Phrase(id, nil)
	}
	return t.Phrase("audited.act.else", nil)
}
