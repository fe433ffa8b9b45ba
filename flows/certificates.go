package flows

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"

	"lensan/bot"
	"lensan/store"
	"lensan/store/sheet"
)

// sheetArg is the Arg of Certificates that asks for the list as a file.
const sheetArg = "xlsx"

// Certificates shows the certificates of all producers a person is a member of, those
// that end first before the others, a page at a time (Arg), or all as a file.
func Certificates(t *Talk) {
	mine := Know(t, "certificates.mine", func(ctx context.Context, r *store.Reader) ([]paper, error) {
		if t.Person() == 0 {
			return nil, nil
		}
		list, err := r.CertificatesOf(ctx, t.Person())
		return t.papersOf(list), err
	})
	switch {
	case len(mine) == 0:
		t.askName(true)
	case t.Arg == sheetArg:
		t.sheet()
		return
	case len(mine) == 1:
		t.status(mine[0].Code)
		return
	}
	page, _ := strconv.Atoi(t.Arg) // none: the first
	from := min(max(page, 0)*maxLines, len(mine)-1)
	to := min(from+maxLines, len(mine))
	vars := bot.Vars{"n": len(mine), "from": from, "lines": t.lines(mine[from:to], several(mine)), "more": len(mine) - to}
	if to == len(mine) {
		t.Say("certificates.page", vars)
		t.offerSheet()
		t.Next(bot.Wish{Flow: "status"}, bot.Wish{Flow: "menu"})
		return
	}
	t.Say("certificates.page", vars)
	options := []string{"next"}
	if t.config.Files != nil {
		options = append(options, "file")
	}
	switch picked := t.Pick("certificates.more", options, bot.With(vars)); picked.Code {
	case "next":
		t.Open(bot.Wish{Flow: "certificates", Arg: strconv.Itoa(page + 1)})
	case "file":
		t.Open(bot.Wish{Flow: "certificates", Arg: sheetArg})
	default:
		t.Open(bot.Wish{Flow: "status", Arg: picked.Said})
	}
}

// sheet sends the list as a file.
func (t *Talk) sheet() {
	if t.config.Files == nil {
		t.Open(bot.Wish{Flow: "certificates"})
	}
	file := Know(t, "certificates.file", func(ctx context.Context, r *store.Reader) (*bot.Attachment, error) {
		list, err := r.CertificatesOf(ctx, t.Person())
		if err != nil {
			return nil, err
		}
		var headings []string
		for _, column := range sheetColumns {
			headings = append(headings, t.Phrase("certificates.column."+column, nil))
		}
		var rows [][]any
		for _, p := range t.papersOf(list) {
			l := list[slices.IndexFunc(list, func(l store.Listed) bool { return l.Code() == p.Code })]
			c := l.Certificate
			rows = append(rows, []any{l.Code(), l.Name, l.Producer.Name, c.Stars, c.Decision, c.Decided, c.DecidedSaid, c.IssuedBy, c.Ends(),
				t.Phrase("certificates.state."+p.State, nil)})
		}
		var content bytes.Buffer
		if err := sheet.Write(&content, t.Phrase("certificates.column.sheet", nil), headings, rows); err != nil {
			return nil, err
		}
		return t.made(ctx, t.Phrase("certificates.column.file", nil)+".xlsx", sheet.Type, content.Bytes())
	})
	t.Show(*file)
	t.Say("certificates.sheet")
	t.Next(bot.Wish{Flow: "certificates"}, bot.Wish{Flow: "menu"})
}

// sheetColumns are the columns of the file, in order.
var sheetColumns = []string{"code", "name", "producer", "stars", "decision", "decided", "said", "issued_by", "ends", "state"}

// offerSheet offers the list as a file, where files are kept.
func (t *Talk) offerSheet() {
	if t.config.Files != nil {
		t.Next(bot.Wish{Flow: "certificates", Arg: sheetArg})
	}
}

// paper is a line of the list of certificates.
type paper struct {
	Code     string // of the product
	Name     string
	Producer string
	Stars    int
	Ends     string // ISO; empty: not known
	State    string // on the day
	Days     int    // until Ends; negative: over
}

// papersOf makes lines of certificates: by their last day, those without one behind,
// and last those that do not count any more.
func (t *Talk) papersOf(list []store.Listed) []paper {
	today := store.DayOf(t.Now)
	var all []paper
	for _, l := range list {
		ends := l.Certificate.Ends()
		all = append(all, paper{l.Code(), l.Name, l.Producer.Name, l.Certificate.Stars, ends.String(), stateOf(l, today), today.DaysUntil(ends)})
	}
	rank := func(p paper) int { return slices.Index(paperGroups, p.group()) }
	slices.SortStableFunc(all, func(a, b paper) int { return rank(a) - rank(b) })
	return all
}

// soon is how many days before its end a certificate is to be thought of: gathering
// the papers for the next evaluation takes months.
const soon = 180

// paperGroups are the headings of the list, in order.
var paperGroups = []string{"expired", "soon", "valid", "unknown", "gone"}

// group is the heading a certificate stands under.
func (p paper) group() string {
	switch {
	case p.State == store.CertificateExpired || p.State == store.CertificateUnknown:
		return p.State
	case p.State == store.CertificateReplaced || p.State == store.CertificateWithdrawn:
		return "gone"
	case p.Ends != "" && p.Days <= soon:
		return "soon"
	case p.Ends == "":
		return "unknown"
	}
	return "valid"
}

// several reports whether the certificates are of several producers.
func several(all []paper) bool {
	return slices.ContainsFunc(all, func(p paper) bool { return p.Producer != all[0].Producer })
}

// lines are certificates as a text lists them, under their headings.
func (t *Talk) lines(list []paper, producers bool) string {
	var all []string
	group := ""
	for _, p := range list {
		if g := p.group(); g != group {
			group = g
			all = append(all, t.Phrase("certificates.group."+g, nil))
		}
		vars := bot.Vars{"name": p.Name, "producer": "", "stars": p.Stars, "ends": p.Ends, "days": max(p.Days, -p.Days), "state": p.State}
		if producers {
			vars["producer"] = p.Producer
		}
		all = append(all, t.Phrase("certificates.line", vars))
	}
	return strings.Join(all, "\n")
}
