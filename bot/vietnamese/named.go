package vietnamese

import "golang.org/x/text/unicode/norm"

// askedOf is in data/search.txt.
var askedOf = phrasesOf("asked of a name")

// Named is the name in a question about something, as it was typed: what people put
// around a name is taken off both ends, "kiểm tra hồ sơ bưởi Múc được mấy sao" leaves
// "bưởi Múc". Empty: there is none.
func Named(said string) string {
	s := norm.NFC.String(valid(bounded(said)))
	var ws []word
	var spans [][2]int
	for i := 0; i < len(s); {
		n := wordLen(s[i:])
		if n == 0 {
			i++
			continue
		}
		if w := newWord(s[i : i+n]); w.bare != "" {
			ws, spans = append(ws, w), append(spans, [2]int{i, i + n})
		}
		i += n
	}
	from, to := 0, len(ws)
	for from < to {
		n := around(ws[from:to])
		if n == 0 {
			break
		}
		from += n
	}
	for to > from {
		n := to - from
		for n > 0 && around(ws[to-n:to]) != n {
			n--
		}
		if n == 0 {
			break
		}
		to -= n
	}
	if from == to {
		return ""
	}
	return s[spans[from][0]:spans[to-1][1]]
}

// around is how many words at the start of ws are put around a name.
func around(ws []word) int {
	return max(longest(filler, ws), longest(aroundName, ws), longest(askedOf, ws))
}
