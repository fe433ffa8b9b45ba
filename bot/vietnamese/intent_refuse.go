package vietnamese

// data/intents.txt explains the lists.
var (
	refusal   = phrasesOf("refusal")
	notYet    = phrasesOf("not yet")
	anyMore   = phrasesOf("any more")
	takesBack = phrasesOf("takes back")
	turns     = phrasesOf("turns")
	noRefusal = phrasesOf("no refusal")
)

const (
	scopeWords = 10 // that a refusal reaches
	question   = 6  // words from "có" to the "không" that ends a question
)

// refuse hides the words of wishes that are refused ("đừng xóa", "không hủy nữa",
// "không phải đăng ký mà …") and of those taken back ("…, à nhầm, …").
func (t *matching) refuse() {
	opened := -maxWords // where a "có" may have opened a question, which a "không" ends
	for i := 0; i < len(t.ws); i++ {
		ws := t.ws[i:t.clauseEnd(i)]
		if t.ws[i].text == "có" || t.ws[i].text == "co" {
			opened = i
		}
		if n := longest(takesBack, ws); n > 0 && i > 0 && i+n+1 < len(t.ws) {
			for k := range i {
				t.hidden[k] = i + 1
			}
			t.ends[i] = i + n
			t.tookBack = true
			continue
		}
		if n := longest(refusal, ws); n > 0 {
			t.hide(i, i+n)
			i += n - 1
			continue
		}
		n := longest(notYet, ws)
		if n == 0 || t.hidden[i] != 0 || t.bound[i] != nil && t.place[i] > 0 { // hút chân không
			continue
		}
		switch {
		case contains(noRefusal, ws[n:min(n+4, len(ws))]): // cannot, know not how
		case contains(anyMore, ws[n:]):
			t.hide(i, i+n)
		case i-opened <= question && t.clause[opened] == t.clause[i]:
		case i+n < len(t.ws):
			t.deny(i, i+n)
		}
	}
}

func (t *matching) clauseEnd(i int) int {
	end := i + 1
	for end < len(t.ws) && t.clause[end] == t.clause[i] {
		end++
	}
	return end
}

// hide hides the words from the refusal at from on to where its scope ends.
func (t *matching) hide(from, start int) {
	t.ends[from] = start
	end := min(t.clauseEnd(from), start+scopeWords)
	for k := from; k < end; k++ {
		if k > start && longest(turns, t.ws[k:end]) > 0 {
			return
		}
		t.hidden[k] = from + 1
	}
}

// deny hides what a mere "không" or "chưa" stands right before; "không" hides what
// follows, too: "không hủy lớp" is no word about the class.
func (t *matching) deny(from, start int) {
	for _, o := range t.found {
		if o.from != start || !o.p.wish || o.p.words[0].text == "có" { // "không có máy": has none, refuses nothing
			continue
		}
		if t.ws[from].bare != "chua" {
			t.hide(from, start)
			return
		}
		t.ends[from] = start
		for k := from; k < o.to; k++ {
			t.hidden[k] = from + 1
		}
	}
}

// refusalOf is the refusal that reaches a phrase: 1 + where it begins, or 0.
func (t *matching) refusalOf(o occurrence) int {
	for k := o.from; k < o.to; k++ {
		if t.hidden[k] != 0 {
			return t.hidden[k]
		}
	}
	return 0
}

// owns reports whether a refusal is a part of the phrase: "không đi học".
func (t *matching) owns(o occurrence, refusal int) bool {
	return refusal > 0 && o.from < refusal && t.ends[refusal-1] <= o.to
}
