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
	ID      int64
	Actor   string // "person 12", "job purge"
	Office  string // as what they acted, if they had a role: "officer 02761", "admin"
	Act     string // "withdraw product"
	Subject string // the record: "SP-000001"
	At      time.Time
	Moved   *Moved // records that went from one to another; nil: none
}

const auditColumns = `id, actor, office, act, subject, at, moved`

// Audit adds a line to the audit log. Of a person with a role it notes the highest.
func (tx *Tx) Audit(ctx context.Context, actor, act, subject string) error {
	return tx.auditMoved(ctx, actor, act, subject, nil)
}

// auditMoved adds a line about records that went from one to another.
func (tx *Tx) auditMoved(ctx context.Context, actor, act, subject string, moved *Moved) error {
	var person int64 // 0: not one
	_, _ = fmt.Sscanf(actor, actorForm, &person)
	_, err := tx.exec(ctx, `insert into audit (actor, act, subject, at, moved, office) values ($1, $2, $3, $4, $5,
		coalesce((select left(concat_ws(' ', kind, nullif(array_to_string(areas, ' '), '')), 2000) from roles
			where person = $6 and ended is null
			order by array_position(array['admin', 'officer', 'helper'], kind), id limit 1), ''))`,
		actor, act, subject, tx.now, moved, person)
	return err
}

// AuditLog returns what was done to a record, the latest first.
func (r *Reader) AuditLog(ctx context.Context, subject string, limit int) ([]AuditEntry, error) {
	return all(ctx, r.q, pgx.RowToStructByName[AuditEntry],
		`select `+auditColumns+` from audit where subject = $1 order by id desc limit $2`, subject, limit)
}

// AuditOf returns what officers, the command line and jobs did to a person's
// records, the latest first: to their own, and to those of their producers, their
// products, certificates and claims. What they and their fellow members did
// themselves is not among it.
func (r *Reader) AuditOf(ctx context.Context, person int64, limit int) ([]AuditEntry, error) {
	return all(ctx, r.q, pgx.RowToStructByName[AuditEntry], `with members as (select producer from members where person = $1),
		theirs as (select producer from members union all select id from producers where merged_into in (select producer from members)),
		subjects as (
			select 'person ' || $1::bigint as subject
			union all select 'person ' || id from people where merged_into = $1
			union all select 'CT-' || to_char(producer, 'FM000000') from theirs
			union all select 'SP-' || to_char(id, 'FM000000') from products where producer in (select producer from theirs)
			union all select 'GC-' || to_char(c.id, 'FM000000') from certificates c join products p on p.id = c.product
				where p.producer in (select producer from theirs)
			union all select 'NC-' || to_char(id, 'FM000000') from claims where person = $1
			union all select 'YC-' || to_char(id, 'FM000000') from requests where person = $1)
		select `+auditColumns+` from audit where subject in (select subject from subjects)
			and actor <> 'person ' || $1::bigint and (office <> '' or actor not like 'person %')
		order by id desc limit $2`, person, limit)
}

// PersonActor is a person in the audit log.
func PersonActor(id int64) string { return fmt.Sprintf(actorForm, id) }

const actorForm = "person %d"

// CommandLine is who acts for those who have the server in their hands: in place of
// a person's number, and in the audit log.
const (
	CommandLine      int64 = -1
	commandLineActor       = "command line"
)

// actorOf is who acts in the audit log.
func actorOf(by int64) string {
	if by == CommandLine {
		return commandLineActor
	}
	return PersonActor(by)
}
