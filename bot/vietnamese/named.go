package vietnamese

import "golang.org/x/text/unicode/norm"

// The lists are explained in data/search.txt.
var (
	askedOf   = phrasesOf("asked of a name")
	lookingUp = phrasesOf("looking up")
	endOfName = phrasesOf("end of a name")

	// plainAround are the words of the lists without marks: where a text has marks,
	// "ong" is no "ông".
	plainAround = func() map[string]bool {
		out := map[string]bool{}
		for _, set := range []phraseSet{filler, aroundName, askedOf, lookingUp} {
			for _, ps := range set {
				for _, p := range ps {
					for _, w := range p {
						out[w.text] = out[w.text] || !w.drawn
					}
				}
			}
		}
		return out
	}()
)

// Named is the name in a question about something, as it was typed: what people put
// around a name is taken off both ends, "kiểm tra hồ sơ bưởi Múc được mấy sao" leaves
// "bưởi Múc". Empty: there is none. It is surely a name behind words like "tra cứu",
// and where it is said first; else it may be what we did not understand.
func Named(said string) (name string, sure bool) {
	s := norm.NFC.String(valid(bounded(said)))
	var ws []word
	var spans [][2]int
	marked := false
	for i := 0; i < len(s); {
		n := wordLen(s[i:])
		if n == 0 {
			i++
			continue
		}
		if w := newWord(s[i : i+n]).unslipped(); w.bare != "" {
			ws, spans = append(ws, w), append(spans, [2]int{i, i + n})
			marked = marked || w.drawn
		}
		i += n
	}
	from, to := 0, len(ws)
	first, whole, looked := true, true, false // nothing but politeness stands before it, or around it
	for from < to {
		n := around(ws[from:to], marked)
		if n == 0 {
			break
		}
		looked = looked || longest(lookingUp, ws[from:to]) > 0
		first = first && longest(filler, ws[from:to]) == n
		from += n
	}
	for to > from {
		n := to - from
		for n > 0 && around(ws[to-n:to], marked) != n {
			n--
		}
		if n == 0 || n == 1 && !marked && longest(endOfName, ws[to-n:to]) == n {
			break
		}
		whole = whole && longest(filler, ws[to-n:to]) == n
		to -= n
	}
	if from == to {
		return "", false
	}
	return s[spans[from][0]:spans[to-1][1]], looked || first && (whole || to-from > 1)
}

// around is how many words at the start of ws are put around a name; marked: the text
// has marks.
func around(ws []word, marked bool) int {
	n, long := shortAt(ws)
	if n == 0 || longAround(long) != len(long) || len(ws) > n && ws[n].text[0] <= '9' { // "SP 12" is a code
		n = longAround(ws)
		for _, w := range ws[:n] {
			if marked && !w.drawn && !plainAround[w.text] {
				return 0
			}
		}
	}
	return n
}

func longAround(ws []word) int {
	return max(longest(filler, ws), longest(aroundName, ws), longest(askedOf, ws), longest(lookingUp, ws))
}
