package sheet

import "lensan/store"

// memo remembers what was read of a text.
type memo[V any] map[string]V

// maxMemo is how many texts are remembered.
const maxMemo = 20_000

func (m memo[V]) of(text string, read func() V) V {
	v, ok := m[text]
	if !ok {
		if v = read(); len(m) < maxMemo {
			m[text] = v
		}
	}
	return v
}

func (r *reader) decision(text string) decision {
	return r.decisions.of(text, func() decision { return readDecision(text) })
}

// dayRead is a day that was read, or what stands there instead.
type dayRead struct {
	day  store.Day
	said string
}

func (r *reader) day(c cell) (store.Day, string) {
	read := r.days.of(c.text+"\x00"+c.raw, func() (d dayRead) {
		d.day, d.said = readDay(c, r.from1904)
		return d
	})
	return read.day, read.said
}
