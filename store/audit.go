package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// AuditEntry is one line of the audit log: who did what to which record. It
// carries no names, phone numbers or words of people, so it outlives them; the
// database refuses to change or delete it.
type AuditEntry struct {
	Actor   string // "person 12", "job purge"
	Act     string // "withdraw product"
	Subject string // the record: "SP-000001"
	At      time.Time
	Moved   *Moved // records that went from one to another; nil: none
}

// Audit adds a line to the audit log.
func (tx *Tx) Audit(ctx context.Context, actor, act, subject string) error {
	_, err := tx.exec(ctx, `insert into audit (actor, act, subject, at) values ($1, $2, $3, $4)`, actor, act, subject, tx.now)
	return err
}

// AuditLog returns what was done to a record, the latest first.
func (r *Reader) AuditLog(ctx context.Context, subject string, limit int) ([]AuditEntry, error) {
	return all(ctx, r.q, pgx.RowToStructByName[AuditEntry],
		`select actor, act, subject, at, moved from audit where subject = $1 order by id desc limit $2`, subject, limit)
}

// PersonActor is a person in the audit log.
func PersonActor(id int64) string { return fmt.Sprintf("person %d", id) }
