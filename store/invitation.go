package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"lensan/bot/vietnamese"
)

// A code of an invitation is "MM-" and eight signs: nobody finds one by guessing. Wrong
// ones are counted with those of links (code.go).
const (
	invitationPrefix = "MM"
	invitationLength = 8

	// InvitationLasts is how long a code can be used, once.
	InvitationLasts = 7 * 24 * time.Hour
)

var invitationForm = codeForm(invitationPrefix, invitationLength)

// Invitation is an offer of a role, or of a place among the members of a producer.
type Invitation struct {
	ID       int64
	By       int64    // who invites, see [CommandLine]
	Role     string   // RoleHelper, RoleOfficer, RoleAdmin; of a producer: Manager, Helper
	Areas    []string // of a role: codes of communes (five digits) and provinces (two)
	Producer int64    // the one it was merged into, if it was; 0: it is for a role
	Until    time.Time
}

const invitationColumns = `i.id, coalesce(i.by, -1) as by, i.role, i.areas, i.until,
	coalesce((select coalesce(merged_into, id) from producers where id = i.producer), 0) as producer`

// ErrArea refuses areas that go with no role, or are none.
var ErrArea = errors.New("store: no such area, or not for this role")

// ReadInvitation finds a code in what somebody typed and returns it as it is written,
// "MM-7KQ4MX3R". It may be wrong.
func ReadInvitation(text string) (code string, ok bool) {
	return readCode(invitationForm, invitationPrefix, text)
}

// Invite makes a code for an invitation, good for InvitationLasts. What inv.By may
// offer says [Roles.Invitable]. ErrNotYours; ErrArea; ErrNotFound: no such producer
// (only the command line is told).
func (tx *Tx) Invite(ctx context.Context, inv Invitation) (code string, err error) {
	subject, err := tx.mayInvite(ctx, inv)
	if err != nil {
		return "", err
	}
	if inv.Areas == nil {
		inv.Areas = []string{}
	}
	code, err = tx.newCode(ctx, invitationPrefix, invitationLength, func(hash []byte) (int64, error) {
		return tx.exec(ctx, `insert into invitations (code, role, areas, producer, by, actor, created, until)
			values ($1, $2, $3, nullif($4, 0), nullif($5, -1), $6, $7, clock() + $8::interval) on conflict (code) do nothing`,
			hash, inv.Role, inv.Areas, inv.Producer, inv.By, actorOf(inv.By), tx.now, InvitationLasts)
	})
	if err != nil {
		return "", err
	}
	return code, tx.Audit(ctx, actorOf(inv.By), "invite "+inv.Role, subject)
}

// mayInvite refuses what its maker may not offer, and returns what it is for as the
// audit log has it.
func (tx *Tx) mayInvite(ctx context.Context, inv Invitation) (subject string, err error) {
	var rs Roles
	if inv.By != CommandLine {
		if rs, err = tx.RolesOf(ctx, inv.By); err != nil {
			return "", err
		}
		if len(rs.Invitable()) == 0 {
			return "", ErrNotYours
		}
	}
	if inv.Producer != 0 {
		p, err := tx.Producer(ctx, inv.Producer)
		if inv.By != CommandLine && (errors.Is(err, ErrNotFound) || err == nil && !rs.Officers().Covers(p.Place())) {
			return "", ErrNotYours
		}
		if err != nil {
			return "", err
		}
		if len(inv.Areas) > 0 || inv.Role != Manager && inv.Role != Helper {
			return "", ErrArea
		}
		return p.Code(), nil
	}
	if !slices.Contains(roleKinds, inv.Role) || (inv.Role == RoleAdmin) != (len(inv.Areas) == 0) || len(inv.Areas) > maxAreas ||
		slices.ContainsFunc(inv.Areas, func(area string) bool { return !isArea(area) }) {
		return "", ErrArea
	}
	if inv.By != CommandLine && !rs.mayGive(inv.Role, inv.Areas) {
		return "", ErrNotYours
	}
	if inv.Role == RoleAdmin {
		return "everything", nil
	}
	subject = strings.Join(inv.Areas, " ")
	return subject[:min(len(subject), 100)], nil
}

const maxAreas = 200 // of a role

// isArea reports whether there is a commune or a province of this code.
func isArea(code string) bool {
	if _, ok := vietnamese.CommuneByCode(code); ok {
		return true
	}
	return vietnamese.CommunesOf(code) != nil
}

// Invitation returns what a code typed in a chat offers. A wrong one is counted, so
// the transaction must be committed whatever the answer is. ErrNotFound: wrong, used
// or too old; ErrMisses.
func (tx *Tx) Invitation(ctx context.Context, chat, code string) (Invitation, error) {
	if err := tx.mayTry(ctx, chat); err != nil {
		return Invitation{}, err
	}
	hash, err := tx.codeHash(ctx, code)
	if err != nil {
		return Invitation{}, err
	}
	inv, err := one(ctx, tx.q, pgx.RowToStructByName[Invitation],
		`select `+invitationColumns+` from invitations i where code = $1 and used is null and until > clock()`, hash)
	if errors.Is(err, ErrNotFound) {
		if missed := tx.missed(ctx, chat); missed != nil {
			return Invitation{}, missed
		}
	}
	return inv, err
}

// Accept uses a code up and gives the person what it offers. ErrNotFound: it was
// used, or is too old.
func (tx *Tx) Accept(ctx context.Context, person int64, code string) (Invitation, error) {
	hash, err := tx.codeHash(ctx, code)
	if err != nil {
		return Invitation{}, err
	}
	// Whoever comes second waits for the first, and then finds it used.
	inv, err := one(ctx, tx.q, pgx.RowToStructByName[Invitation], `update invitations i set used = $2, used_by = $3
		where code = $1 and used is null and until > clock() returning `+invitationColumns, hash, tx.now, person)
	if err != nil {
		return inv, err
	}
	if inv.Producer == 0 {
		if err = tx.addRole(ctx, person, inv.Role, inv.Areas); err != nil {
			return inv, err
		}
		return inv, tx.Audit(ctx, PersonActor(person), "become "+inv.Role, PersonActor(person))
	}
	if _, err = tx.exec(ctx, `insert into members (producer, person, role, since) values ($1, $2, $3, $4)
		on conflict (producer, person) do update set role = case when 'manager' in (members.role, excluded.role) then 'manager' else 'helper' end`,
		inv.Producer, person, inv.Role, tx.now); err != nil {
		return inv, err
	}
	return inv, tx.Audit(ctx, PersonActor(person), "become "+inv.Role, producerCode(inv.Producer))
}
