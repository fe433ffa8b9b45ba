package store

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"lensan/bot/vietnamese"
)

// entry is a product as it is searched for.
type entry struct {
	id, producer int64
	name, maker  string
	public       bool // everybody may know of it
	place        Place
	placeSaid    string
	decisions    []string
}

// catalogueQuery reads entries; an entry's place is the producer's, as roles cover it.
const catalogueQuery = `select p.id, p.producer, p.name, f.name, p.listed or p.state = 'certified', f.commune, f.province,
		case when f.commune <> '' then '' when p.place <> '' then p.place else f.place_said end,
		array(select decision from certificates where product = p.id and decision <> '')
	from products p join producers f on f.id = p.producer where p.state <> 'withdrawn' order by p.id`

func readEntry(row pgx.CollectableRow) (e entry, err error) {
	return e, row.Scan(&e.id, &e.producer, &e.name, &e.maker, &e.public, &e.place.Commune, &e.place.Province, &e.placeSaid, &e.decisions)
}

// catalogue is all products, prepared to be searched. It does not change.
type catalogue struct {
	version   int64
	entries   []entry
	names     *vietnamese.Index // of the names, each once
	named     [][]int           // the entries of each
	whole     *vietnamese.Index // of the name, producer and place of every entry
	communes  map[string][]int  // by code
	decisions map[int64][]int   // by the number in front: 4261
	products  map[int64][]int   // by number
	producers map[int64][]int   // by number
	home      string            // code of the province with most of them
}

func newCatalogue(version int64, entries []entry) *catalogue {
	c := &catalogue{version: version, entries: entries, communes: map[string][]int{}, decisions: map[int64][]int{},
		products: map[int64][]int{}, producers: map[int64][]int{}}
	var names []string
	provinces := map[string]int{}
	known, whole := map[string]int{}, make([]string, len(entries))
	for i, e := range entries {
		n, ok := known[e.name]
		if !ok {
			n = len(names)
			known[e.name] = n
			names, c.named = append(names, e.name), append(c.named, nil)
		}
		c.named[n] = append(c.named[n], i)
		c.products[e.id] = []int{i}
		c.producers[e.producer] = append(c.producers[e.producer], i)
		for _, d := range e.decisions {
			if n, err := strconv.ParseInt(firstNumber.FindString(d), 10, 64); err == nil && !slices.Contains(c.decisions[n], i) {
				c.decisions[n] = append(c.decisions[n], i)
			}
		}
		place := e.placeSaid
		commune, ok := vietnamese.CommuneByCode(cmp.Or(e.place.Commune, place))
		if ok {
			c.communes[commune.Code] = append(c.communes[commune.Code], i)
			provinces[commune.ProvinceCode]++
			if c.home == "" || provinces[commune.ProvinceCode] > provinces[c.home] {
				c.home = commune.ProvinceCode
			}
			place = commune.FullName + " " + strings.Join(vietnamese.FormerNames(commune.Code), " ")
		}
		whole[i] = fmt.Sprint(e.name, " ", e.maker, " ", place)
	}
	c.names, c.whole = vietnamese.NewIndex(names), vietnamese.NewIndex(whole)
	return c
}

// What somebody says instead of a name: "SP-000012", "quyết định 4261", "4261/QĐ-UBND".
var (
	firstNumber  = regexp.MustCompile(`[0-9]{1,9}`)
	codeSaid     = regexp.MustCompile(`(?:^| )(sp|ct) ?0*([0-9]{1,12})(?: |$)`)
	decisionSaid = regexp.MustCompile(`(?:^| )([0-9]{1,9}) (?:[0-9]{4} )?qd(?: |$)|(?:^| )(?:qd|quyet dinh)(?: so)? ([0-9]{1,9})(?: |$)|^(?:so )?([0-9]{1,9})$`)
	placeSaid    = regexp.MustCompile(`(?:^| )(?:xa|phuong|thi tran|dac khu|huyen|thi xa|thanh pho|quan) `)
)

// find returns the entries that are meant, the likeliest first.
func (c *catalogue) find(said string) []int {
	folded := vietnamese.Fold(said)
	if m := codeSaid.FindStringSubmatch(folded); m != nil {
		id, _ := strconv.ParseInt(m[2], 10, 64)
		if m[1] == "sp" {
			return c.products[id]
		}
		return c.producers[id]
	}
	if m := decisionSaid.FindStringSubmatch(folded); m != nil {
		id, _ := strconv.ParseInt(m[1]+m[2]+m[3], 10, 64)
		return c.decisions[id]
	}
	whole := c.whole.Search(said, 0)
	fits := make(map[int]int, len(whole)) // what was said fits as a whole, and how well
	for rank, i := range whole {
		fits[i] = rank + 1
	}
	// By the name; of those the ones first that fit with producer and place, too.
	type hit struct{ entry, name, fit int }
	var hits []hit
	for n, name := range c.names.Search(said, 0) {
		for _, i := range c.named[name] {
			fit := fits[i]
			if fit == 0 {
				fit = len(c.entries) + 1
			}
			hits = append(hits, hit{i, n, fit})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		out := func(h hit) int { return h.fit / (len(c.entries) + 1) } // 1: it does not fit
		return cmp.Or(cmp.Compare(out(a), out(b)), cmp.Compare(a.name, b.name), cmp.Compare(a.fit, b.fit), cmp.Compare(a.entry, b.entry))
	})
	var found []int
	places, how := vietnamese.ReadCommune(said, c.home)
	if len(hits) == 0 || placeSaid.MatchString(folded) ||
		how == vietnamese.Understood && !strings.Contains(vietnamese.Fold(c.entries[hits[0].entry].name), vietnamese.Fold(places[0].Name)) {
		for _, p := range places { // but a commune that stands in a product's name is that
			found = append(found, c.communes[p.Code]...)
		}
	}
	for _, h := range hits {
		found = append(found, h.entry)
	}
	return distinct(append(found, whole...))
}

// distinct leaves of numbers that are the same the first.
func distinct(list []int) []int {
	seen := make(map[int]bool, len(list))
	return slices.DeleteFunc(list, func(i int) bool {
		had := seen[i]
		seen[i] = true
		return had
	})
}
