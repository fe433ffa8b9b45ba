package flows_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"lensan/bot"
	"lensan/bot/vietnamese"
	"lensan/store"
)

// list puts a product into the list of the province: "commune or province; producer;
// its phone; product; stars; decision; its day, or what the list says of it; state".
// What is left out is not known. The list came in at the time of the transcript.
func list(ctx context.Context, db *store.DB, _ bot.Chat, line string) error {
	cells := strings.Split(line, ";")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	cells = append(cells, make([]string, max(8-len(cells), 0))...)
	switch {
	case len(cells) > 8 || cells[3] == "":
		return errors.New("write it like: ! list 02839; HTX Minh Ngọc; 0912000001; Quả nhãn; 3; 100/QĐ-UBND; 2024-11-30; withdrawn")
	case !isArea(cells[0]):
		return fmt.Errorf("%q is no commune's or province's code", cells[0])
	case !slices.Contains([]string{"", "1", "2", "3", "4", "5"}, cells[4]):
		return fmt.Errorf("%q is no number of stars", cells[4])
	case !slices.Contains([]string{"", store.CertificateValid, store.CertificateReevaluation, store.CertificateReplaced, store.CertificateWithdrawn}, cells[7]):
		return fmt.Errorf("%q is no state of a certificate", cells[7])
	}
	commune, province := cells[0], "15"
	if len(commune) == 2 {
		commune, province = "", commune
	}
	sql := db.Jobs().GetExecutor()
	var producer, product int64
	row := sql.QueryRow(ctx, `select coalesce((select id from producers where name = $1 and commune = $2), 0)`, cells[1], commune)
	if err := row.Scan(&producer); err != nil {
		return err
	}
	if producer == 0 {
		key := strings.ToLower(cells[1])
		for _, kind := range []string{"htx ", "hợp tác xã ", "hộ kinh doanh "} {
			key = strings.TrimPrefix(key, kind)
		}
		row = sql.QueryRow(ctx, `insert into producers (kind, name, folded, commune, province, phone, registered, listed, created, updated)
			values ('cooperative', $1, $2, $3, $4, $5, 'unknown', true, clock(), clock()) returning id`, cells[1], vietnamese.Fold(key), commune, province, cells[2])
		if err := row.Scan(&producer); err != nil {
			return err
		}
	}
	row = sql.QueryRow(ctx, `insert into products (producer, name, folded, product_group, place, state, kind, listed, created, updated)
		values ($1, $2, $3, 'food', $4, 'certified', 'ocop', true, clock(), clock()) returning id`, producer, cells[3], vietnamese.Fold(cells[3]), commune)
	if err := row.Scan(&product); err != nil {
		return err
	}
	if err := sql.Exec(ctx, `update catalogue set version = version + 1`); err != nil || cells[4]+cells[5] == "" {
		return err
	}
	day, said := cells[6], ""
	if _, err := store.ParseDay(day); err != nil {
		day, said = "", day
	}
	state := cells[7]
	if state == "" {
		state = store.CertificateValid
	}
	return sql.Exec(ctx, `insert into certificates (product, stars, decision, decided, decided_said, issued_by, state, created, updated)
		values ($1, nullif($2, '')::smallint, $3, nullif($4, '')::date, $5, 'UBND tỉnh Lào Cai', $6, clock(), clock())`,
		product, cells[4], cells[5], day, said, state)
}
