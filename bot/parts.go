package bot

import (
	"strings"
	"unicode"
)

// Parts cuts a reply into what a channel can show, in order. A text that is too
// long is cut at a paragraph, a line or a space. Options become buttons under
// the last part if all of them fit, and numbered lines otherwise; an option that
// has no number is written as the word to type. An empty text is never sent. A
// file is a part of its own before the text, or a line with its link.
func Parts(r Reply, can Abilities) []Reply {
	text := r.Text
	file := r.File
	if file != nil && (can.Carries == nil || !can.Carries(*file)) {
		if file.Link != "" {
			text += "\n" + file.Name + ": " + file.Link
		}
		file = nil
	}
	buttons := len(r.Options) <= can.Buttons
	for _, o := range r.Options {
		buttons = buttons && can.Count(o.Title()) <= can.Label
	}
	if (!buttons || can.Numbered) && len(r.Options) > 0 {
		var b strings.Builder
		b.WriteString(text)
		for _, o := range r.Options {
			b.WriteString("\n" + o.Title())
		}
		text = b.String()
	}
	var parts []Reply
	if file != nil {
		parts = append(parts, Reply{ID: r.ID, File: file, Unasked: r.Unasked})
	}
	for _, p := range split(text, can.Text, can.Count) {
		parts = append(parts, Reply{ID: r.ID, Text: p, Unasked: r.Unasked})
	}
	if len(parts) == 0 {
		return nil
	}
	last := &parts[len(parts)-1]
	last.Question = r.Question
	if buttons {
		last.Options = r.Options
	}
	switch {
	case !can.Contact || r.Contact == "":
	case can.Alone:
		parts = append(parts, Reply{ID: r.ID, Text: r.Contact, Contact: r.Contact, Unasked: r.Unasked})
	default:
		last.Contact = r.Contact
	}
	return parts
}

// split cuts a text into pieces of at most max, each without space around it.
func split(s string, max int, count func(string) int) []string {
	var pieces []string
	for s = strings.TrimSpace(s); s != ""; {
		cut := fit(s, max, count)
		if piece := strings.TrimSpace(s[:cut]); piece != "" {
			pieces = append(pieces, piece)
		}
		s = strings.TrimSpace(s[cut:])
	}
	return pieces
}

// fit returns how many bytes of s go into one piece.
func fit(s string, max int, count func(string) int) int {
	if count(s) <= max {
		return len(s)
	}
	end, n := 0, 0
	for i, r := range s {
		if n += count(string(r)); n > max {
			break
		}
		end = i + len(string(r))
	}
	if end == 0 { // one character longer than the limit: never cut inside it
		for i := range s {
			if i > 0 {
				return i
			}
		}
		return len(s)
	}
	for _, sep := range []string{"\n\n", "\n"} {
		if i := strings.LastIndex(s[:end], sep); i > end/2 {
			return i
		}
	}
	if i := strings.LastIndexFunc(s[:end], unicode.IsSpace); i > end/2 {
		return i
	}
	return end
}
