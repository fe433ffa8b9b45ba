package vietnamese

import (
	"slices"
	"strings"
)

var (
	choosing = phrasesOf("choosing") // around the number of a choice
	firstOne = phrasesOf("first")
	lastOne  = phrasesOf("last")
	allOf    = phrasesOf("all of them")
	noneOf   = phrasesOf("none of them")
	except   = phrasesOf("all but")
	negation = phrasesOf("negation")
	andWords = phrasesOf("and")
)

// Choice returns which of the labels a person means, by index: said by number
// ("2", "số 2", "cái thứ hai", "cái đầu tiên"), by label, or by a part of a label
// that tells it apart. Several indexes: it fits several; none: it fits none, or the
// number is not among them.
func Choice(s string, labels []string) []int {
	if len(labels) == 0 {
		return nil
	}
	if i := slices.IndexFunc(labels, func(l string) bool { return Fold(l) == Fold(s) }); i >= 0 && Fold(s) != "" {
		if n, ok := choiceNumber(s, len(labels)); ok && n-1 != i { // a label that is itself a number
			return within([]int{i, n - 1}, len(labels))
		}
		return []int{i}
	}
	if n, ok := choiceNumber(s, len(labels)); ok {
		found := []int{n - 1}
		for i, l := range labels { // "3" where a label is "3 sao"
			if ls := scan(l); len(ls) > 1 && ls[0].num != "" && ls[0].num == digitsOf(s) {
				found = append(found, i)
			}
		}
		return within(found, len(labels))
	}
	return byWords(s, labels)
}

// within sorts indexes and drops those outside and those said twice.
func within(found []int, n int) []int {
	found = slices.DeleteFunc(found, func(i int) bool { return i < 0 || i >= n })
	slices.Sort(found)
	if found = slices.Compact(found); len(found) == 0 {
		return nil
	}
	return found
}

// choiceNumber reads the number of a choice; of is how many there are.
func choiceNumber(s string, of int) (int, bool) {
	var rest []token
	for i, ts := 0, scan(s); i < len(ts); {
		if ts[i].bare == "" {
			if ts[i].num != "" {
				rest = append(rest, ts[i])
			}
			i++
			continue
		}
		ws := leadingWords(ts[i:])
		if n := longest(firstOne, ws); n > 0 {
			rest = append(rest, token{num: "1"})
			i += n
			continue
		}
		if n := longest(lastOne, ws); n > 0 {
			rest = append(rest, token{num: digitsOf(Quantity{Amount: float64(of)}.String())})
			i += n
			continue
		}
		if d, ok := digitWord(ts[i].word); ok && d > 0 { // "ba" is three, not the filler "bà"
			rest = append(rest, ts[i])
			i++
			continue
		}
		if n := max(longest(choosing, ws), fillers(ws)); n > 0 {
			i += n
			continue
		}
		rest = append(rest, ts[i])
		i++
	}
	if len(rest) == 0 || len(rest) > 3 {
		return 0, false
	}
	f, ok := numberAt(rest, 0, nil)
	if !ok || f.to != len(rest) || f.value != float64(int(f.value)) || f.value < 0 || f.value > 1000 || f.scale > 1 {
		return 0, false
	}
	if f.value == 0 && rest[0].num == "" { // "không" is a word here
		return 0, false
	}
	return int(f.value), true
}

// leadingWords is the words up to the first token that is none.
func leadingWords(ts []token) []word {
	var out []word
	for _, t := range ts {
		if t.bare == "" {
			break
		}
		out = append(out, t.word)
	}
	return out
}

// byWords finds the labels that share most with what was said.
func byWords(s string, labels []string) []int {
	said := content(read(s))
	if len(said) == 0 {
		said = read(s)
	}
	if len(said) == 0 || len(said) > 30 {
		return nil
	}
	parts := make([][]word, len(labels))
	seenIn := map[string]int{}
	for i, l := range labels {
		parts[i] = split(l)
		seen := map[string]bool{}
		for _, w := range parts[i] {
			if !seen[w.bare] {
				seen[w.bare] = true
				seenIn[w.bare]++
			}
		}
	}
	negated := contains(negation, said)
	best, found := 0.0, []int(nil)
	for i := range labels {
		score, hits := 0.0, 0
		whole := true
		for j, w := range said {
			if at := findWord(parts[i], w); at >= 0 {
				hits++
				score += 1 / float64(seenIn[w.bare])
				if at > 0 && !negated && longest(negation, parts[i][at-1:]) > 0 {
					score, hits = score-2, hits-1 // the label says it is not so
				}
				if j > 0 && longest(negation, said[j-1:]) > 0 && findWord(parts[i], said[j-1]) < 0 {
					score, hits = score-2, hits-1 // the person says it is not so
				}
			}
		}
		for _, w := range parts[i] {
			whole = whole && findWord(said, w) >= 0
		}
		if whole {
			score += 0.5
		}
		switch {
		case hits <= 0 || score <= 0 || 2*hits < len(said):
		case score > best+0.01:
			best, found = score, []int{i}
		case score > best-0.01:
			found = append(found, i)
		}
	}
	if answer := YesNo(s); answer != Unclear {
		for i, l := range labels {
			if YesNo(l) == answer {
				found = append(found, i)
			}
		}
	}
	return within(found, len(labels))
}

// findWord is where w stands in ws, either way round with its marks left off; -1 if nowhere.
func findWord(ws []word, w word) int {
	return slices.IndexFunc(ws, func(o word) bool { return w.couldBe(o) || o.couldBe(w) })
}

// Choices reads several of the labels at once: "1 3 4", "1,3", "1 và 3", "1-3",
// "tất cả", "tất cả trừ 2", labels with commas or "và" between. Not ok: something
// in it is none of the labels, or could be several. "chưa có gì" is ok and empty.
func Choices(s string, labels []string) ([]int, bool) {
	ws := read(s)
	if len(ws) == 0 || len(labels) == 0 {
		return nil, false
	}
	for i := range ws {
		if n := longest(allOf, ws[i:]); n > 0 {
			return allBut(s, ws[i+n:], labels)
		}
	}
	if rest := content(ws); longest(noneOf, ws) == len(ws) || len(rest) > 0 && longest(noneOf, rest) == len(rest) {
		if exact := Choice(s, labels); len(exact) == 0 {
			return nil, true
		}
	}
	if nums, ok := numberList(s, len(labels)); ok {
		return nums, len(nums) > 0
	}
	if one := Choice(s, labels); len(one) == 1 && !strings.ContainsAny(s, ",;+&\n") && !contains(andWords, ws) {
		return one, true
	}
	var found []int
	for _, p := range parted(s) {
		one := Choice(p, labels)
		if len(one) != 1 {
			return nil, false
		}
		found = append(found, one...)
	}
	return within(found, len(labels)), len(found) > 0
}

// allBut is all labels, without those named behind "trừ".
func allBut(s string, rest []word, labels []string) ([]int, bool) {
	var all []int
	for i := range labels {
		all = append(all, i)
	}
	for i := range rest {
		n := longest(except, rest[i:])
		if n == 0 {
			continue
		}
		if i+n == len(rest) {
			return nil, false
		}
		out, ok := Choices(foldWords(rest[i+n:]), labels)
		if !ok || len(out) == 0 {
			return nil, false
		}
		return slices.DeleteFunc(all, func(i int) bool { return slices.Contains(out, i) }), true
	}
	if len(content(rest)) > 2 || contains(negation, rest) {
		return nil, false
	}
	return all, true
}

// numberList reads nothing but numbers: ok is false when it is something else, and
// the list is empty when a number is none of the labels'.
func numberList(s string, of int) (list []int, ok bool) {
	ts := scan(strings.NewReplacer(",", " ", ".", " ", ";", " ").Replace(s))
	through := false
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		ws := leadingWords(ts[i:])
		switch {
		case t.sign == '-' || t.sign == '–' || t.is(untilWord...):
			through = len(list) > 0
			continue
		case t.sign != 0:
			continue
		case t.num == "" && longest(andWords, ws) > 0:
			continue
		}
		v, next, _, isNumber := smallAt(ts, i)
		switch {
		case !isNumber && t.num == "" && max(longest(choosing, ws), fillers(ws)) > 0:
			continue
		case !isNumber || v != float64(int(v)):
			return nil, false
		}
		n := int(v)
		if n < 1 || n > of {
			return nil, true
		}
		if through {
			for k := list[len(list)-1] + 2; k < n; k++ {
				list = append(list, k-1)
			}
			through = false
		}
		list = append(list, n-1)
		i = next - 1
	}
	return within(list, of), len(list) > 0
}

// parted parts a text where its things are listed.
func parted(s string) []string {
	var out []string
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;+&\n", r) }) {
		start := 0
		fields := strings.Fields(p)
		for i, f := range fields {
			if w := split(f); len(w) == 1 && longest(andWords, w) > 0 && i > start {
				out = append(out, strings.Join(fields[start:i], " "))
				start = i + 1
			}
		}
		if start < len(fields) {
			out = append(out, strings.Join(fields[start:], " "))
		}
	}
	return out
}
