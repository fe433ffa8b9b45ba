package vietnamese

import (
	"math"
	"strconv"
)

// Money is an amount in đồng, or a range of amounts. High equals Low unless a range was said.
type Money struct{ Low, High int64 }

// maxMoney is the largest amount believed, in đồng.
const maxMoney = 1e14

// FormatMoney writes đồng as people do: "1.200.000 đ".
func FormatMoney(dong int64) string { return groupThousands(strconv.FormatInt(dong, 10)) + " đ" }

// String is the amount as [FormatMoney] writes it, a range with a dash.
func (m Money) String() string {
	if m.Low == m.High {
		return FormatMoney(m.Low)
	}
	return groupThousands(strconv.FormatInt(m.Low, 10)) + "–" + FormatMoney(m.High)
}

// groupThousands puts a point before every three digits.
func groupThousands(digits string) string {
	sign := ""
	if digits != "" && digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "." + digits[i:]
	}
	return sign + digits
}

var (
	dong         = wordsOf("đồng")
	untilWord    = wordsOf("until")
	aboutWord    = wordsOf("about")
	foreignMoney = wordsOf("foreign money")
	dated        = wordsOf("dated") // before a number that is no price
	noExact      = phrasesOf("at least")
	million      = wordsOf("million")
)

// price is an amount of money in a text: a number, and how sure it is that it is one.
type price struct {
	figure
	value   int64
	certain bool
}

// ReadMoney reads an amount of đồng, such as a price. A small number without a
// word for its size ("85") is Uncertain: people mean thousands; the candidates are
// the likely amounts, likeliest first. So is more than one amount, a price for
// several kilos and "more than".
func ReadMoney(s string) (Money, []Money, Reading) {
	counts, ok := meant(composed(s), func(part string) bool {
		_, _, r := readMoney(part)
		return r == Understood
	})
	m, offers, r := readMoney(counts)
	if !ok && r == Understood {
		return Money{}, []Money{m}, Uncertain
	}
	return m, offers, r
}

func readMoney(s string) (Money, []Money, Reading) {
	ts := scanAmounts(s)
	sayMillion(ts)
	about := contains(noExact, spoken(ts))
	for i, t := range ts {
		switch {
		case t.sign == '$' || t.sign == '€' || t.sign == '%' || t.is(foreignMoney...):
			return Money{}, nil, NotUnderstood
		case t.sign == '/' && tokenAt(ts, i+1).num != "" && !beforeUnit(ts, i+2): // 5/3/2024
			return Money{}, nil, NotUnderstood
		case t.is(aboutWord...):
			about = true
		}
	}
	fs := figures(ts, beforeUnit)
	var prices []price
	for i, f := range fs {
		p, ok := asPrice(ts, f, i+1 < len(fs) && isRange(ts, f, fs[i+1]))
		switch {
		case ok:
			prices = append(prices, p)
		case !aside(ts, f):
			about = true // a price for several: "3 cân 100 nghìn"
		}
		about = about || f.doubtful
	}
	var open bool
	if prices, open = dropMeasures(ts, prices); open {
		about = true
	}
	if len(prices) > 0 && denied(ts, prices[0].from) {
		about = true
	}
	switch {
	case len(prices) == 0 || len(prices) > 4:
		return Money{}, nil, NotUnderstood
	case len(prices) == 2 && isRange(ts, prices[0].figure, prices[1].figure):
		m, offers, r := readRange(prices[0], prices[1])
		if about && r == Understood {
			return Money{}, []Money{m}, Uncertain
		}
		return m, offers, r
	case len(prices) > 1:
		var all []Money
		for _, p := range prices {
			all = append(all, likely(p.value)[0])
		}
		return Money{}, all, Uncertain
	}
	p := prices[0]
	m := Money{p.value, p.value}
	if p.low > 0 {
		m.Low = int64(math.Round(p.low))
	}
	switch {
	case !p.certain:
		return Money{}, likely(p.value), Uncertain
	case about:
		return Money{}, []Money{m}, Uncertain
	}
	return m, nil, Understood
}

// sayMillion writes "3 củ" as "3 triệu" where nothing behind it could be tubers.
func sayMillion(ts []token) {
	for i := 1; i < len(ts); i++ {
		if !ts[i].drawn || !ts[i].is(million...) || !numberlike(ts[i-1]) {
			continue
		}
		next := tokenAt(ts, i+1)
		if next.num != "" || next.is(ruoi...) || numberlike(next) || endsAmount(ts, i+1) {
			ts[i].word = scales[1].words[0]
		}
	}
}

// aside reports whether a number that is no price leaves the price as it is: "loại
// 1", "năm 2024", "1 cân", "chai 500 ml", "5 lạng".
func aside(ts []token, f figure) bool {
	if f.from > 0 && (ts[f.from-1].is(dated...) || beforeUnit(ts, f.from-1) && f.scale == 1) {
		return true
	}
	m := measure(ts, f)
	return m.amount == 1 || m.size && m.amount < 1
}

// asPrice takes a number for money unless it cannot be: a quantity, a date, a phone number.
func asPrice(ts []token, f figure, ranged bool) (price, bool) {
	p := price{figure: f}
	if f.value > maxMoney || f.value < 0 {
		return p, false
	}
	if n := ts[f.from].num; f.to-f.from == 1 && len(n) > 1 && n[0] == '0' {
		return p, false
	}
	if f.from > 0 && f.scale == 1 && ts[f.from-1].is(dated...) {
		return p, false
	}
	p.value = int64(math.Round(f.value))
	next := tokenAt(ts, f.to)
	switch {
	case f.scale > 1 && beforeUnit(ts, f.to) && timesOf(ts[f.to-1]) > 1: // "50 nghìn một trăm gam"
		return p, false
	case f.scale > 1:
		p.certain = true
	case next.is(dong...):
		p.certain = f.value >= 1000
	case beforeUnit(ts, f.to) && !ranged:
		return p, false
	case f.value != math.Trunc(f.value):
		return p, false
	case f.value == 1 && next.bare != "" && !endsAmount(ts, f.to): // "1 đêm"
		return p, false
	default:
		// "1200" may be 1,200 thousand
		p.certain = f.value >= 1000 && (f.grouped || f.digits > 3 && f.value >= 2000)
	}
	return p, p.value > 0
}

// dropMeasures leaves out bare numbers where another one says that it is money;
// open tells that one of them may belong to the price: "hai ba nghìn", "50 lên 60k".
func dropMeasures(ts []token, prices []price) (sure []price, open bool) {
	for i, p := range prices {
		switch {
		case p.certain || i+1 < len(prices) && prices[i+1].certain && isRange(ts, p.figure, prices[i+1].figure):
			sure = append(sure, p)
		case p.to-p.from > 1 || ts[p.from].num != "" || i+1 < len(prices) && prices[i+1].from == p.to || i > 0 && prices[i-1].to == p.from:
			open = true
		}
	}
	if len(sure) == 0 {
		return prices, false
	}
	return sure, open
}

// isRange reports whether only "to" stands between two numbers.
func isRange(ts []token, a, b figure) bool {
	n := 0
	for _, t := range ts[a.to:b.from] {
		switch {
		case t.sign == '-' || t.sign == '–' || t.sign == '—' || t.sign == '~' || t.sign == '>' || t.is(untilWord...):
			n++
		case t.is(dong...):
		default:
			return false
		}
	}
	return n > 0
}

// readRange reads "45-50k", where the size is said once, and "900k đến 1tr2".
func readRange(a, b price) (Money, []Money, Reading) {
	low, high := a.value, b.value
	if a.scale == 1 && b.scale > 1 && a.value < 1000 {
		low = int64(math.Round(a.figure.value * b.scale))
		if a.times == 1 && a.figure.value < 10 {
			low = int64(math.Round(a.figure.value * b.scale * b.times)) // "2-3 trăm nghìn"
		}
	}
	m := Money{low, high}
	switch {
	case low >= high || a.scale == 1 && !a.certain && high > 10*low:
		return Money{}, []Money{{low, low}, {high, high}}, Uncertain
	case !b.certain && high < 1000:
		return Money{}, []Money{{low * 1000, high * 1000}, m}, Uncertain
	}
	return m, nil, Understood
}

// likely are the amounts a bare number may mean, likeliest first.
func likely(n int64) []Money {
	if n < 1000 {
		return []Money{{n * 1000, n * 1000}, {n, n}}
	}
	return []Money{{n, n}}
}
