package vietnamese

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

var (
	takenBack  = phrasesOf("taken back")
	notThis    = phrasesOf("not this")
	butThat    = phrasesOf("but that")
	ratherThan = phrasesOf("rather than")
	thatIs     = phrasesOf("that is")
	denial     = wordsOf("denial")
)

// meant is the part of an answer that counts where people correct or explain
// themselves: "50k à nhầm 55k", "không phải 50k mà là 55k", "55k chứ không phải
// 50k", "2 chai, tức 2 triệu". clear tells whether a part can be taken by itself.
// Not ok: it was corrected, and what counts is not clear.
func meant(s string, clear func(string) bool) (part string, ok bool) {
	ws, at := located(s)
	from, to := -1, -1 // of the last marker, in words
	explains, denied := false, false
	for i := 0; i < len(ws); i++ {
		if n := longest(ratherThan, ws[i:]); n > 0 && i > 0 {
			head := s[:at[i]]
			return head, clear(head)
		}
		n, why := longest(takenBack, ws[i:]), false
		switch {
		case n > 0 && i > 0 && ws[i].text == "nham" && numberlike(token{word: ws[i-1]}): // "hai muoi nham"
			continue
		case n > 0:
		case denied && longest(butThat, ws[i:]) > 0:
			n = longest(butThat, ws[i:])
		case longest(thatIs, ws[i:]) > 0:
			n, why = longest(thatIs, ws[i:]), true
		case i > 0 && ws[i].text == "là" && strings.HasSuffix(strings.TrimSpace(s[:at[i]]), ","): // "3 xị, là 300 ngàn"
			n, why = 1, true
		case longest(notThis, ws[i:]) > 0:
			denied = true
			i += longest(notThis, ws[i:]) - 1
			continue
		default:
			continue
		}
		from, to, explains = i, i+n, why
		i += n - 1
	}
	if from < 0 {
		return s, true
	}
	head, tail := s[:at[from]], s[at[to]:]
	switch {
	case !explains:
		return tail, clear(tail)
	case clear(head):
		return s, !clear(tail) || clear(s)
	case clear(tail):
		return tail, true
	}
	return s, true
}

// located is the words of a text and where in it each begins; one more for its end.
func located(s string) (ws []word, at []int) {
	for i := 0; i < len(s); {
		n := wordLen(s[i:])
		if n == 0 {
			_, n = utf8.DecodeRuneInString(s[i:])
		} else if w := newWord(s[i : i+n]).unslipped(); w.bare != "" {
			ws, at = append(ws, w), append(at, i)
		}
		i += n
	}
	return ws, append(at, len(s))
}

// composed is a text as every reader of figures begins with it.
func composed(s string) string { return norm.NFKC.String(bounded(strings.TrimSpace(s))) }

// denied reports whether one of the tokens before ts[end] denies what comes. A comma
// behind the denial ends it ("không, 5 tạ"), and "không" may be a digit ("không phẩy năm").
func denied(ts []token, end int) bool {
	for i, t := range ts[:end] {
		if !t.is(denial...) {
			continue
		}
		next := tokenAt(ts, i+1)
		if next.is(notWord...) {
			next = tokenAt(ts, i+2)
		}
		if next.sign == ',' || next.sign == '.' || i+1 == end && t.is(digitWords[0]...) && tokenAt(ts, end).num == "" {
			continue
		}
		return true
	}
	return false
}

var notWord = wordsOf("is so")
