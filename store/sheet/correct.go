package sheet

import (
	"cmp"
	"strings"

	"lensan/bot/vietnamese"
	"lensan/store"
)

// Record is the row as it is taken into the records.
func (r Row) Record() store.ImportRow {
	return store.ImportRow{
		Name: r.Name, Group: r.Group, Producer: r.Producer, Kind: r.ProducerKind, Contact: r.Contact, Phone: r.Phone,
		Place: store.Place{Commune: r.Commune, Province: r.Province}, PlaceSaid: r.Place,
		Stars: r.Stars, Decision: r.DecisionNumber, Decided: r.DecisionDate, DecidedSaid: r.DateSaid, IssuedBy: r.IssuedBy, State: r.State,
	}
}

// Records are all rows as they are taken into the records, in their order.
func (l *List) Records() []store.ImportRow {
	all := make([]store.ImportRow, len(l.Rows))
	for i, r := range l.Rows {
		all[i] = r.Record()
	}
	return all
}

// Incomplete counts the rows that lack something and are not refused.
func (l *List) Incomplete() int {
	n := 0
	for _, r := range l.Rows {
		if r.Refused == "" && len(r.Missing()) > 0 {
			n++
		}
	}
	return n
}

// corrected are the columns of what [List.ToCorrect] makes that hold the row.
var corrected = []string{Name, Producer, Stars, Decision, DecisionDate, IssuedBy, Address, Contact, Phone, Notes}

// ToCorrect makes a table, for [Write], of the rows that were refused or lack
// something, each with what is to be done. It can be filled in and read again, if text
// is Vietnamese, as the headings of lists are. lines
// are what became of each row, as [store.Tx.Import] tells it; nil: nothing was tried.
func (l *List) ToCorrect(lines []store.ImportLine, text Text) (headings []string, rows [][]any, err error) {
	say := func(id string) string {
		s, failed := text(id, nil)
		err = cmp.Or(err, failed)
		return s
	}
	for _, field := range corrected {
		headings = append(headings, say("import.field."+field))
	}
	for _, column := range []string{"reason", "sheet", "row"} {
		headings = append(headings, say("import.sheet."+column))
	}
	for i, r := range l.Rows {
		refused := r.Refused
		if lines != nil && lines[i].Reason != "" {
			refused = lines[i].Reason
		}
		lacks, failed := r.Lacks(text)
		err = cmp.Or(err, failed)
		if refused == "" && len(lacks) == 0 {
			continue
		}
		notes, _, failed := r.Reasons(text)
		err = cmp.Or(err, failed)
		result, reasons := say("import.sheet.lacking"), append(lacks, notes...)
		if refused != "" {
			result, reasons = say("import.sheet.refused"), append([]string{say("import.refused." + refused)}, notes...)
		}
		var decided any = r.DecisionDate
		if r.DecisionDate.IsZero() {
			decided = r.DateSaid
		}
		rows = append(rows, []any{r.Name, r.Producer, r.Stars, r.DecisionNumber, decided, r.IssuedBy, r.Place, r.Contact, r.Phone, r.Remarks,
			vietnamese.Capital(result + ": " + strings.Join(reasons, "; ")), r.Sheet, r.Line})
	}
	return headings, rows, err
}
