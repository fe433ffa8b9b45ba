package store

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"lensan/bot/vietnamese"
)

// load reads the producers the rows may mean, their products and certificates, and
// holds them for the rest of the transaction. Producers that people registered
// themselves are not among them: whose they are, nobody has said yet.
func (im *importer) load(ctx context.Context) error {
	keys := make([]string, len(im.rows))
	for i, row := range im.rows {
		keys[i] = producerKey(row.Producer)
	}
	slices.Sort(keys)
	names, err := all(ctx, im.tx.q, pgx.RowToStructByPos[struct {
		ID     int64
		Folded string
	}], `select id, folded from producers where folded = any($1) and merged_into is null and listed
		union select merged_into, folded from producers where merged_into is not null and folded = any($1) and listed order by 1`, slices.Compact(keys))
	if err != nil {
		return err
	}
	ids := make([]int64, len(names))
	for i, n := range names {
		ids[i] = n.ID
	}
	known, err := all(ctx, im.tx.q, pgx.RowToStructByName[Producer],
		`select `+producerColumns+` from producers p where p.id = any($1) order by p.id for no key update`, ids)
	if err != nil {
		return err
	}
	byID := map[int64]*importProducer{}
	for _, p := range known {
		if im.roles.Covers(p.Place()) { // what is not theirs, their list does not change
			byID[p.ID] = &importProducer{Producer: p, said: map[string]bool{}}
			im.all = append(im.all, byID[p.ID])
		}
	}
	im.producers = map[string][]*importProducer{}
	for _, n := range names {
		if p := byID[n.ID]; p != nil {
			im.producers[n.Folded] = append(im.producers[n.Folded], p)
		}
	}
	claimed, err := all(ctx, im.tx.q, pgx.RowTo[int64], `select distinct producer from members where producer = any($1)`, ids)
	if err != nil {
		return err
	}
	for _, id := range claimed {
		if p := byID[id]; p != nil {
			p.claimed = true
		}
	}
	return im.loadProducts(ctx, byID)
}

func (im *importer) loadProducts(ctx context.Context, makers map[int64]*importProducer) error {
	var producers, products []int64
	for id := range makers {
		producers = append(producers, id)
	}
	byID := map[int64]*importProduct{}
	_, err := all(ctx, im.tx.q, func(row pgx.CollectableRow) (p importProduct, err error) {
		var producer int64
		if err := row.Scan(&p.id, &producer, &p.name, &p.group, &p.place, &p.state, &p.kind, &p.listed); err != nil {
			return p, err
		}
		products = append(products, p.id)
		byID[p.id] = &p
		makers[producer].products = append(makers[producer].products, &p)
		return p, nil
	}, `select id, producer, name, product_group, place, state, kind, listed from products
		where producer = any($1) and state <> 'withdrawn' order by id for no key update`, producers)
	if err != nil {
		return err
	}
	papers, err := all(ctx, im.tx.q, pgx.RowToStructByName[Certificate],
		`select `+certificateColumns+` from certificates c where c.product = any($1) order by c.id for no key update`, products)
	for _, c := range papers {
		byID[c.Product].papers = append(byID[c.Product].papers, &importPaper{Certificate: c})
	}
	return err
}

// producer is the one a row means, and whether the row changed it. Of several, the
// one in its commune counts, then the one whose commune is not known.
func (im *importer) producer(row ImportRow) (*importProducer, bool) {
	var best *importProducer
	near := 0
	key := producerKey(row.Producer)
	for _, p := range im.producers[key] {
		if (row.Producer == "") != (p.Name == "") || !sameProducer(p.Producer, row) || p.Place().province() != row.Place.province() {
			continue
		}
		fit := 0
		switch {
		case p.Commune == row.Place.Commune:
			fit = 3
		case row.Producer == "": // there is one without a name for each commune
		case p.Commune == "":
			fit = 2
		case row.Place.Commune == "":
			fit = 1
		}
		switch {
		case fit > near:
			best, near = p, fit
		case fit == near && fit == 1: // in which of two communes is not told
			best = nil
		}
	}
	if best == nil {
		best = &importProducer{fresh: true, said: map[string]bool{}, Producer: Producer{Name: row.Producer}}
		im.producers[key] = append(im.producers[key], best)
		im.all = append(im.all, best)
	}
	return best, best.take(row)
}

// take takes over what a row tells of its producer.
func (p *importProducer) take(row ImportRow) (changed bool) {
	set := func(field string, to *string, value string, mayChange bool) {
		if value == "" || p.said[field] {
			return
		}
		p.said[field] = true
		if *to != value && (*to == "" || mayChange) {
			*to, changed = value, true
		}
	}
	set("kind", &p.Kind, row.Kind, false)
	set("commune", &p.Commune, row.Place.Commune, false)
	set("province", &p.Province, row.Place.province(), false)
	if row.Producer != "" {
		set("place", &p.PlaceSaid, row.PlaceSaid, !p.claimed)
		set("contact", &p.Contact, row.Contact, !p.claimed)
		set("phone", &p.Phone, row.Phone, !p.claimed)
	}
	p.dirty = p.dirty || changed
	return changed
}

// sameProducer tells whether a row whose producer has the same key means a producer:
// an HTX is no company, and "Hòa Bình" is not "Hoa Bình" where both are written with
// their marks.
func sameProducer(p Producer, row ImportRow) bool {
	if p.Kind != "" && row.Kind != "" && p.Kind != row.Kind {
		return false
	}
	a, b := strings.Fields(fold(p.Name)), strings.Fields(fold(row.Producer))
	if unmarked(a) || unmarked(b) {
		return true
	}
	for i := 1; i <= min(len(a), len(b)); i++ {
		x, y := a[len(a)-i], b[len(b)-i]
		if bare(x) != bare(y) {
			break // here the words of its kind, or a short form, begin
		}
		if x != y {
			return false
		}
	}
	return true
}

// unmarked tells whether words are written without marks.
func unmarked(words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return bare(w) != w })
}

// product is the producer's product that a row names; fresh: there was none.
func (p *importProducer) product(row ImportRow) (good *importProduct, fresh, changed bool) {
	i := slices.IndexFunc(p.products, func(o *importProduct) bool { return fold(o.name) == fold(row.Name) })
	if i < 0 {
		i = slices.IndexFunc(p.products, func(o *importProduct) bool { return sameName(o.name, row.Name) })
	}
	if i < 0 {
		good = &importProduct{name: row.Name, group: row.Group, place: row.Place.Commune, state: Certified, kind: KindOCOP, listed: true, fresh: true}
		p.products = append(p.products, good)
		return good, true, false
	}
	good = p.products[i]
	set := func(to *string, value string, when bool) {
		if when && *to != value {
			*to, changed = value, true
		}
	}
	folded := fold(good.name)
	set(&good.name, row.Name, folded != fold(row.Name) && bare(folded) == folded) // the list has the marks
	set(&good.group, row.Group, good.group == "unknown")
	set(&good.place, row.Place.Commune, good.place == "")
	set(&good.state, Certified, true)
	set(&good.kind, KindOCOP, good.kind == KindIdea)
	changed = changed || !good.listed
	good.listed = true
	good.dirty = good.dirty || changed
	return good, false, changed
}

// certify takes over what a row tells of a decision, and sees which other one it
// takes the place of.
func (p *importProduct) certify(row ImportRow) (changed bool) {
	if row.Stars == 0 && row.Decision == "" && row.Decided.IsZero() && row.DecidedSaid == "" && row.IssuedBy == "" && row.State == "" {
		return false
	}
	c := p.paper(row)
	if c == nil {
		c = &importPaper{fresh: true, Certificate: Certificate{State: CertificateValid}}
		p.papers = append(p.papers, c)
	}
	changed = c.take(row)
	return p.replace() || changed
}

// take takes over what a row tells of a certificate. What the list's first row about
// it told stays.
func (c *importPaper) take(row ImportRow) (changed bool) {
	old := c.Certificate
	if row.Stars != 0 && (c.Stars == 0 || !c.told) {
		c.Stars = row.Stars
	}
	if c.Decision == "" {
		c.Decision = row.Decision
	}
	if !row.Decided.IsZero() && (c.Decided.IsZero() || !c.told) {
		c.Decided, c.DecidedSaid = row.Decided, ""
	}
	if c.Decided.IsZero() && row.DecidedSaid != "" && (c.DecidedSaid == "" || !c.told) {
		c.DecidedSaid = row.DecidedSaid
	}
	if row.IssuedBy != "" && (c.IssuedBy == "" || !c.told) {
		c.IssuedBy = row.IssuedBy
	}
	if row.State != "" && (c.State == CertificateValid || row.State == CertificateWithdrawn) && (c.State == CertificateValid || !c.told) {
		c.State = row.State
	}
	c.told = true
	changed = c.Certificate != old
	c.dirty = c.dirty || changed
	return changed
}

// paper is the certificate of the product that a row tells of: of the same decision,
// or one of which less was known that does not speak against it.
func (p *importProduct) paper(row ImportRow) *importPaper {
	var best *importPaper
	near := 0
	for _, c := range p.papers {
		fit := 0
		number := decisionKey(c.Decision) == decisionKey(row.Decision)
		day := c.Decided == row.Decided
		switch {
		case number && day && c.DecidedSaid == row.DecidedSaid: // the database has one of these
			fit = 6
		case !alike(c.Certificate, row):
		case row.Decision != "" && number:
			fit = 5
		case !row.Decided.IsZero() && day:
			fit = 4
		case !row.Decided.IsZero() && !c.Decided.IsZero():
		case number && day && year(c.Decided, c.DecidedSaid) != "" && year(c.Decided, c.DecidedSaid) == year(row.Decided, row.DecidedSaid):
			fit = 3 // "2021", and once "năm 2021"
		case c.Stars != 0 && row.Stars != 0 && c.Stars != row.Stars:
		case row.Decision == "" && row.Decided.IsZero() || c.Decision == "" && c.Decided.IsZero():
			fit = 2
		case year(c.Decided, c.DecidedSaid) != "" && year(c.Decided, c.DecidedSaid) == year(row.Decided, row.DecidedSaid):
			fit = 1
		}
		if fit > near || fit == near && fit > 0 && best.Decided.Before(c.Decided) {
			best, near = c, fit
		}
	}
	return best
}

// alike tells whether nothing speaks against a row telling of a certificate: neither
// the number of its decision nor its year is another one.
func alike(c Certificate, row ImportRow) bool {
	if c.Decision != "" && row.Decision != "" && decisionKey(c.Decision) != decisionKey(row.Decision) {
		return false
	}
	a, b := year(c.Decided, c.DecidedSaid), year(row.Decided, row.DecidedSaid)
	return a == "" || b == "" || a == b
}

// replace sees which certificates a later decision has taken the place of.
func (p *importProduct) replace() (changed bool) {
	var last Day
	lastYear := ""
	for _, c := range p.papers {
		if last.Before(c.Decided) {
			last = c.Decided
		}
		lastYear = max(lastYear, year(c.Decided, c.DecidedSaid))
	}
	for _, c := range p.papers {
		y := year(c.Decided, c.DecidedSaid)
		earlier := !c.Decided.IsZero() && c.Decided.Before(last) || y != "" && y < lastYear
		state := c.State
		switch {
		case earlier && (state == CertificateValid || state == CertificateReevaluation):
			state = CertificateReplaced
		case !earlier && state == CertificateReplaced: // its day was put right
			state = CertificateValid
		}
		if state != c.State {
			c.State, c.dirty, changed = state, true, true
		}
	}
	return changed
}

// decisionKey is the number of a decision as it is compared.
func decisionKey(number string) string { return strings.ReplaceAll(vietnamese.Fold(number), " ", "") }

var yearIn = regexp.MustCompile(`20[0-9]{2}`)

// year is the year of a decision; empty: not told.
func year(day Day, said string) string {
	if !day.IsZero() {
		return day.String()[:4]
	}
	return yearIn.FindString(said)
}
