package sheet

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"lensan/bot/vietnamese"
	"lensan/store"
)

// isDitto tells whether a cell says the same as the one above.
func isDitto(s string) bool {
	return strings.Trim(s, `"”“' `) == "" && s != "" || s == "//" || len(s) < 24 && words["ditto"][vietnamese.Fold(s)]
}

// take reads a product's cells and adds it to the list.
func (t *table) take(it item) {
	l := it.line
	shown := t.shown(l)
	section := t.stack.all()
	get := func(field string) cell {
		if c, ok := t.columns.of[field]; ok && !isError(shown[c].text) && !nothing(shown[c].text) {
			return shown[c]
		}
		return cell{}
	}
	if get(Producer).text == "" { // what its heading tells of the producer
		get = section.behind(get)
	}
	row := Row{Sheet: t.grid.name, Line: l.n, cells: t.columns.of}
	note := func(code, field, said string) {
		row.Notes = append(row.Notes, Note{Code: code, Field: field, Said: oneLine(said)})
	}

	if name := get(Name).text; len(listed.FindAllString(name, 2)) > 1 {
		note("products", Name, name)
	}
	row.Name = bullet.ReplaceAllString(oneLine(get(Name).text), "")
	if _, ok := t.columns.of[number]; !ok {
		row.Name = numbered.ReplaceAllString(row.Name, "")
	}
	if row.Name == "" {
		row.Refused = "no_name"
	}
	where := whereabouts{
		village: get(village).text, address: get(Address).text, commune: get(Commune).text, district: get(District).text, province: get(Province).text,
		section: section.place, title: t.about.place, today: t.today,
	}
	if t.today && matchesHeading(ofBefore, t.headed(District)) && !nothing(where.commune) {
		where.district = "" // where the commune of before lay, beside that of today
	}
	if v := where.village; where.address == "" && (namesCommune(v) || strings.ContainsAny(v, ",;\n")) {
		where.village, where.address = "", v
	}
	row.Phone, where.address = labelledPhone(where.address)
	t.readProducer(&row, l, get, section, &where, note)
	t.readStarsOf(&row, get, l, section, note)
	t.readDecisionOf(&row, get, section, note)
	t.readContact(&row, get, note)

	var remarks []string
	for _, c := range t.columns.remarks {
		if s := oneLine(shown[c].text); !nothing(s) {
			remarks = append(remarks, s)
		}
	}
	row.Remarks = strings.Join(remarks, "; ")
	for _, s := range remarks {
		row.State = first(row.State, stateOf(s))
	}
	if row.Remarks != "" {
		note("remark", Notes, row.Remarks)
	}
	if row.Group = groupOf(get(Group).text); row.Group == "" && section.group != "" {
		row.Group = section.group
	}
	row.Place = where.written()
	for _, text := range []struct {
		field, said string
		most        int
	}{
		{Name, row.Name, store.MaxListName}, {Producer, row.Producer, store.MaxListName}, {Contact, row.Contact, store.MaxListContact},
		{Address, row.Place, store.MaxListPlace}, {Decision, row.DecisionNumber, store.MaxListDecision}, {IssuedBy, row.IssuedBy, store.MaxListIssuer},
	} {
		if utf8.RuneCountInString(text.said) > text.most {
			note("too_long", text.field, short(text.said, 50)+"…")
		}
	}
	if l.hidden {
		note("hidden_row", "", "")
	}
	if it.joined {
		note("joined", "", "")
	}
	for _, field := range Fields {
		if c, ok := t.columns.of[field]; ok && isError(shown[c].text) {
			note("cell_error", field, shown[c].text)
		}
	}
	t.above, t.last = shown, row
	f := found{where: where, province: provinceOf(where.province), said: where.province}
	if f.province == "" {
		for _, a := range []about{section, t.about} {
			if a.province != "" {
				f.province, f.said = a.province, a.said
				break
			}
		}
	}
	if codes, said := provincesIn(row.IssuedBy + " " + where.address); len(codes) == 1 && provinceOf(where.province) == "" {
		f.province, f.said = codes[0], "tỉnh "+said
	}
	t.list.Rows = append(t.list.Rows, row)
	t.found = append(t.found, f)
}

// shown are the texts of all columns in a line: merged cells are seen, and "như trên"
// is what stands above.
func (t *table) shown(l line) []cell {
	width := len(l.cells)
	for _, c := range t.columns.of {
		width = max(width, c+1)
	}
	for _, c := range t.columns.remarks {
		width = max(width, c+1)
	}
	all := make([]cell, width)
	for c := range all {
		v, _ := t.value(l, c)
		if isDitto(v.text) && c < len(t.above) {
			v = t.above[c]
		}
		all[c] = v
	}
	return all
}

var (
	listed   = regexp.MustCompile(`(?m)^\s*(?:[-+•*]|\d{1,2}[.)])\s*\p{L}`) // one of several in a cell
	bullet   = regexp.MustCompile(`^[-+•*#]\s*`)
	numbered = regexp.MustCompile(`^\d{1,3}[.)]\s+`)
	xlError  = regexp.MustCompile(`^#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!)$`)
)

func isError(s string) bool { return xlError.MatchString(s) }

type (
	getter func(field string) cell
	noter  func(code, field, said string)
)

var (
	addressLabel = regexp.MustCompile(`(?i)[\s,;.(–-]*(?:địa\s+chỉ|dia\s+chi|đ/c|đc|d/c)\s*[:：]\s*`)
	phoneLabel   = regexp.MustCompile(`(?i)[\s,;.(–-]*(?:điện\s+thoại|dien\s+thoai|sđt|sdt|đt|dt|tel|số\s+đt|hotline)\s*[.:：]?\s*(\+?[\d. ()-]{8,})`)
	bothHeading  = regexp.MustCompile(`chu the|don vi|co so|san xuat`)
)

// labelledPhone finds the telephone that a text about something else ends with, or
// has in it: "ĐT: 0912 345 678".
func labelledPhone(text string) (phone, rest string) {
	if len(onlyDigits(text)) < 8 {
		return "", text
	}
	if m := phoneLabel.FindStringSubmatchIndex(text); m != nil {
		if n, ok := vietnamese.Phone(text[m[2]:m[3]]); ok {
			return n, strings.TrimSpace(text[:m[0]] + text[m[1]:])
		}
	}
	return "", text
}

// readProducer reads the producer, and what stands in its cell besides.
func (t *table) readProducer(row *Row, l line, get getter, section about, where *whereabouts, note noter) {
	text := get(Producer).text
	if phone, rest := labelledPhone(text); phone != "" && get(Phone).text == "" {
		row.Phone, text = phone, rest
	}
	if m := addressLabel.FindStringIndex(text); m != nil && m[0] > 0 {
		if where.address == "" {
			where.address = strings.Trim(text[m[1]:], " ,;.)\n")
		}
		text = text[:m[0]]
	} else if head, rest, ok := strings.Cut(text, "\n"); ok && where.address == "" && (isCommune(rest) || isDistrict(rest) || villageWords.MatchString(rest)) {
		where.address, text = oneLine(rest), head
	} else if (t.header.withAddress(t.columns.of) || where.commune == "" && where.district == "") && where.address == "" {
		if m := placeBehind.FindStringSubmatchIndex(text); m != nil {
			where.address, text = strings.Trim(text[m[2]:m[3]], " )"), text[:m[0]]
		}
	}
	row.Producer = strings.Trim(oneLine(text), " ,;")
	if row.Producer == "" && section.producer != "" {
		row.Producer = section.producer
	} else if row.Producer == "" && t.shared && t.last.Producer != "" && t.underProducer(l) {
		row.Producer = t.last.Producer
		note("producer_above", Producer, row.Producer)
	}
	row.ProducerKind = kindOf(row.Producer, strings.ReplaceAll(get(Kind).text, "_", " "))
}

var (
	villageWords = regexp.MustCompile(`(?i)^\s*\(?(?:thôn|bản|xóm|tổ|khu|ấp|số\s+nhà|đường|khối|tiểu\s+khu)\s`)
	placeBehind  = regexp.MustCompile(`(?i)[,;(–\n-]\s*((?:(?:thôn|bản|xóm|tổ|khu|ấp|khối|số|tiểu\s+khu)\s.*)?(?:xã|phường|thị\s+trấn|huyện|thành\s+phố|thị\s+xã|tt\.?)\s+\p{L}.*)$`)
)

// withAddress tells whether the producer's column is headed as holding its address
// too.
func (h header) withAddress(of map[string]int) bool {
	c, ok := of[Producer]
	if !ok || c >= len(h.texts) {
		return false
	}
	folded := vietnamese.Fold(h.texts[c])
	return strings.Contains(folded, "dia chi") && bothHeading.MatchString(folded)
}

// readStarsOf reads the stars: of a cell, of a crossed column, of the heading the row
// stands under, of the name, of the title. Those that the name tells are no part of it.
func (t *table) readStarsOf(row *Row, get getter, l line, section about, note noter) {
	n, said := readStars(get(Stars).text)
	if !said {
		note("stars_unclear", Stars, get(Stars).text)
		return
	}
	row.Stars = n
	for c, stars := range t.columns.marks {
		switch v, _ := t.value(l, c); {
		case n > 0 || nothing(v.text) || v.text == "0":
		case row.Stars != 0:
			note("stars_unclear", Stars, fmt.Sprintf("%d, %d", min(row.Stars, stars), max(row.Stars, stars)))
			row.Stars = 0
			return
		default:
			row.Stars = stars
		}
	}
	if row.Stars == 0 {
		row.Stars = section.stars
	}
	_, column := t.columns.of[Stars]
	column = column || len(t.columns.marks) > 0
	if bare, stars, apart := starsOfName(row.Name); stars > 0 && (apart || !column) && (row.Stars == 0 || row.Stars == stars) {
		row.Name, row.Stars = bare, stars
	}
	if row.Stars == 0 && !column {
		row.Stars = t.about.stars
		if n, ok := starsIn(vietnamese.Fold(row.Name)); ok { // "Gạo Séng Cù 4 sao xuất khẩu"
			row.Stars = n
		}
	}
}

// first is the first text that is not empty.
func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

var phoneIn = regexp.MustCompile(`[\s,;:(–-]*(?i:điện\s+thoại|sđt|sdt|đt|dt|tel)?[\s.:]*\+?\d[\d. ()-]{7,}\d[\s)]*`)

// readContact reads whom to call.
func (t *table) readContact(row *Row, get getter, note noter) {
	contact, phone := get(Contact).text, get(Phone)
	if phone.text == "" {
		if n, ok := vietnamese.Phone(contact); ok {
			row.Phone = first(row.Phone, n)
			contact = phoneIn.ReplaceAllString(contact, " ")
		}
	} else if n, ok := vietnamese.Phone(phone.number()); ok {
		row.Phone = n
	} else {
		note("phone_unclear", Phone, phone.text)
	}
	row.Contact = strings.Trim(oneLine(contact), " ,;:-–")
}

// settle reads the places of all rows, when it is known where the list is at home:
// the province it names, or the one all its districts lie in, or the office's.
func (r *reader) settle() {
	named, districts := map[string]bool{}, map[string]bool{}
	for _, f := range r.found {
		if f.province != "" {
			named[f.province] = true
		}
		for _, d := range []string{f.where.district, f.where.section} {
			if isDistrict(d) {
				districts[d] = true
			}
		}
	}
	home := r.opt.Province
	if len(named) == 1 {
		for code := range named {
			home = code
		}
	} else if p := provinceOfDistricts(districts); p != "" && len(named) == 0 {
		home = p
	}
	for i, f := range r.found {
		row := &r.list.Rows[i]
		if row.Province = f.province; row.Province == "" {
			row.Province = home
		}
		read := r.commune(f.where, row.Province, f.said)
		if row.Commune = read.commune; read.note != nil {
			row.Notes = append(row.Notes, *read.note)
		}
		if c, ok := vietnamese.CommuneByCode(row.Commune); ok {
			row.Province = c.ProvinceCode
		}
	}
}
