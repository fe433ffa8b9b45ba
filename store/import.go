package store

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ImportRow is a line of an officer's list: a product, who makes it, and what was
// decided about it. What the list does not say is empty, and changes nothing.
type ImportRow struct {
	Name     string
	Group    string // one of Groups; empty: not told
	Producer string // empty: the list names none
	Kind     string // of the producer, one of ProducerKinds; empty: not told
	Contact  string // a person
	Phone    string // national digits

	Place     Place
	PlaceSaid string // as written

	Stars       int    // 1 to 5; 0: not told
	Decision    string // its number as written
	Decided     Day
	DecidedSaid string // where no day is told: "2021"
	IssuedBy    string
	State       string // CertificateReevaluation, CertificateWithdrawn, or empty
}

// How long the texts of a row are at most, in characters. The rest of a longer one
// is cut off.
const (
	MaxListName     = 200 // of a product, of a producer
	MaxListContact  = 120
	MaxListPlace    = 300
	MaxListDecision = 200
	MaxListIssuer   = 300
	maxListDecided  = 120
)

// What becomes of a row.
const (
	ImportNew       = "new"       // a product that was not there
	ImportChanged   = "changed"   // a product that is there, with something else than before
	ImportUnchanged = "unchanged" // all of it is there
	ImportRefused   = "refused"
	ImportHeld      = "" // not written, because other rows were refused
)

// Why a row is refused.
const (
	RefusedNoName = "no_name"
	RefusedShort  = "short" // a name of one letter
	RefusedArea   = "area"  // outside of what the officer is responsible for
)

// ImportLine is what became of a row.
type ImportLine struct {
	Outcome string // ImportNew, …
	Reason  string // why it was refused
	Product int64  // 0: none
}

// ImportResult counts what became of the rows of a list.
type ImportResult struct {
	New, Changed, Unchanged, Refused int

	Written bool         // false: nothing was, because rows were refused
	Lines   []ImportLine // of each row, in their order
}

// Import takes a list of officers into the records. Producers are known again by
// their name, whatever their kind is called and however it is typed, in their commune
// or, where none is told, in their province; products by their name and producer;
// certificates by their decision. A later decision takes the place of an earlier one.
// What a list leaves out stays as it is, and so does what members of a producer say
// of it; importing a list again changes nothing. Without partial nothing is written
// when a row is refused.
//
// by is the officer, or CommandLine: rows outside their area are refused. ErrNotYours:
// not an officer.
func (tx *Tx) Import(ctx context.Context, by int64, rows []ImportRow, partial bool) (ImportResult, error) {
	return tx.importRows(ctx, by, rows, partial, true)
}

// Preview tells what [Tx.Import] would do, and writes nothing. ErrNotYours.
func (tx *Tx) Preview(ctx context.Context, by int64, rows []ImportRow) (ImportResult, error) {
	return tx.importRows(ctx, by, rows, true, false)
}

func (tx *Tx) importRows(ctx context.Context, by int64, rows []ImportRow, partial, write bool) (ImportResult, error) {
	roles := Roles{{Kind: RoleAdmin}}
	if by != CommandLine {
		all, err := tx.RolesOf(ctx, by)
		if err != nil {
			return ImportResult{}, err
		}
		if roles = all.Officers(); len(roles) == 0 {
			return ImportResult{}, ErrNotYours
		}
	}
	im := &importer{tx: tx, roles: roles, rows: make([]ImportRow, len(rows)), lines: make([]ImportLine, len(rows)), goods: make([]*importProduct, len(rows))}
	refused := 0
	for i, row := range rows {
		im.rows[i] = row.fitting()
		if im.lines[i].Reason = im.refusal(im.rows[i]); im.lines[i].Reason != "" {
			im.lines[i].Outcome = ImportRefused
			refused++
		}
	}
	if refused > 0 && !partial {
		return ImportResult{Refused: refused, Lines: im.lines}, nil
	}
	// one list after the other: two that name a new producer must not both add it
	if _, err := tx.exec(ctx, `select pg_advisory_xact_lock(hashtext('lensan import'))`); err != nil {
		return ImportResult{}, err
	}
	if err := im.load(ctx); err != nil {
		return ImportResult{}, err
	}
	for i, row := range im.rows {
		if line := &im.lines[i]; line.Outcome != ImportRefused {
			line.Outcome, im.goods[i] = im.take(row)
		}
	}
	if write {
		if err := im.write(ctx); err != nil {
			return ImportResult{}, err
		}
	}
	result := ImportResult{Refused: refused, Written: write, Lines: im.lines}
	for i := range im.lines {
		if p := im.goods[i]; p != nil {
			im.lines[i].Product = p.id
		}
		switch im.lines[i].Outcome {
		case ImportNew:
			result.New++
		case ImportChanged:
			result.Changed++
		case ImportUnchanged:
			result.Unchanged++
		}
	}
	if !write || result.New+result.Changed == 0 {
		return result, nil
	}
	return result, im.audit(ctx, by)
}

// NoteImport notes that a list came in by the command line and was written.
func (tx *Tx) NoteImport(ctx context.Context, name string, sha256 [32]byte, holds Holding) error {
	_, err := tx.exec(ctx, `insert into imports (actor, name, sha256, state, counts, at, done) values ($1, left($2, 255), $3, 'written', $4, $5, $5)`,
		actorOf(CommandLine), name, sha256[:], holds, tx.now)
	return err
}

// fitting is the row with every text as long as it may be.
func (row ImportRow) fitting() ImportRow {
	for text, most := range map[*string]int{
		&row.Name: MaxListName, &row.Producer: MaxListName, &row.Contact: MaxListContact, &row.PlaceSaid: MaxListPlace,
		&row.Decision: MaxListDecision, &row.DecidedSaid: maxListDecided, &row.IssuedBy: MaxListIssuer,
	} {
		*text = strings.TrimSpace(norm.NFC.String(strings.ToValidUTF8(strings.ReplaceAll(*text, "\x00", ""), "")))
		if utf8.RuneCountInString(*text) > most {
			*text = strings.TrimSpace(string([]rune(*text)[:most]))
		}
	}
	if utf8.RuneCountInString(row.Producer) < 2 {
		row.Producer = ""
	}
	if !slices.Contains(Groups, row.Group) {
		row.Group = "unknown"
	}
	if row.Decided != (Day{}) {
		row.DecidedSaid = ""
	}
	return row
}

func (im *importer) refusal(row ImportRow) string {
	switch {
	case row.Name == "":
		return RefusedNoName
	case utf8.RuneCountInString(row.Name) < 2 || fold(row.Name) == "":
		return RefusedShort
	case !im.roles.Covers(row.Place):
		return RefusedArea
	}
	return ""
}

// importer is an import under way: everything the rows may be about is read at once,
// changed in memory, and written at once.
type importer struct {
	tx    *Tx
	roles Roles
	rows  []ImportRow
	lines []ImportLine
	goods []*importProduct // of each row; nil: refused

	producers map[string][]*importProducer // by key
	all       []*importProducer
}

// importProducer is a producer with what the list changes in it.
type importProducer struct {
	Producer
	claimed      bool            // has members: what they said is not changed
	fresh, dirty bool            // not in the database yet; not as it is there
	said         map[string]bool // fields this list has told already: its first row counts
	products     []*importProduct
}

// importProduct is a product with what the list changes in it.
type importProduct struct {
	id           int64
	name, group  string
	place        string
	state, kind  string
	listed       bool
	fresh, dirty bool
	papers       []*importPaper
}

// importPaper is a certificate with what the list changes in it.
type importPaper struct {
	Certificate
	fresh, dirty bool
	told         bool // this list has told of it already: its first row counts
}

// take takes over a row and tells what became of it.
func (im *importer) take(row ImportRow) (outcome string, product *importProduct) {
	maker, moved := im.producer(row)
	product, fresh, changed := maker.product(row)
	certified := product.certify(row)
	switch {
	case fresh:
		return ImportNew, product
	case moved || changed || certified:
		return ImportChanged, product
	}
	return ImportUnchanged, product
}
