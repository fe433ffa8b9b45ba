package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// Role returns a role, also one that has ended. ErrNotFound.
func (r *Reader) Role(ctx context.Context, id int64) (Role, error) {
	return one(ctx, r.q, pgx.RowToStructByName[Role], `select `+roleColumns+` from roles r where r.id = $1`, id)
}

// EndRole ends a role: one's own, or one that is under one's own, as with giving it.
// The invitations its person made are not good any more. Open requests and claims of
// the area that were theirs go to handTo, who must be an officer of all of it, as do
// those that were nobody's; with 0 they are for all who are responsible there.
// ErrNotYours: so it is when there is no such open role, too.
func (tx *Tx) EndRole(ctx context.Context, by, role, handTo int64) error {
	r, err := one(ctx, tx.q, pgx.RowToStructByName[Role], `select `+roleColumns+` from roles r where id = $1 and ended is null for update`, role)
	if errors.Is(err, ErrNotFound) {
		return ErrNotYours
	}
	if err != nil {
		return err
	}
	if r.Person != by {
		rs, err := tx.RolesOf(ctx, by)
		if err != nil {
			return err
		}
		if !rs.mayGive(r.Kind, r.Areas) {
			return ErrNotYours
		}
	}
	if handTo != 0 {
		if err := tx.mayTakeOver(ctx, handTo, r); err != nil {
			return err
		}
	}
	if _, err := tx.exec(ctx, `update roles set ended = $2, ended_by = $3 where id = $1`, role, tx.now, PersonActor(by)); err != nil {
		return err
	}
	if _, err := tx.exec(ctx, `update invitations set until = $2 where by = $1 and used is null and until > $2`, r.Person, tx.now); err != nil {
		return err
	}
	if err := tx.handOver(ctx, r, handTo); err != nil {
		return err
	}
	return tx.Audit(ctx, PersonActor(by), "end role "+r.Kind, PersonActor(r.Person))
}

// handOver gives the open requests and claims of a role's area to somebody, 0: to
// nobody in particular.
func (tx *Tx) handOver(ctx context.Context, r Role, to int64) error {
	communes, provinces := Roles{r}.places()
	if _, err := tx.exec(ctx, `update requests set officer = nullif($3::bigint, 0) where state = 'open' and commune = any($1)
		and (officer = $2 or officer is null and $3 <> 0)`, communes, r.Person, to); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `update claims c set officer = nullif($4::bigint, 0) from producers p
		where c.state = 'open' and p.id = c.producer and `+inPlaces+` and (c.officer = $3 or c.officer is null and $4 <> 0)`,
		communes, provinces, r.Person, to)
	return err
}

// Waiting counts the open requests and claims in the area of an officer's role that
// are its person's, or nobody's in particular: what [Tx.EndRole] hands over.
func (r *Reader) Waiting(ctx context.Context, role Role) (int, error) {
	communes, provinces := Roles{role}.places()
	return one(ctx, r.q, pgx.RowTo[int], `select (select count(*) from requests
			where state = 'open' and commune = any($1) and coalesce(officer, $3) = $3)
		+ (select count(*) from producers p join claims c on c.producer = p.id
			where c.state = 'open' and `+inPlaces+` and coalesce(c.officer, $3) = $3)`, communes, provinces, role.Person)
}

// Successors returns who may take over what waits for an officer whose role ends, the
// nearest first: the other officers of all of its area.
func (r *Reader) Successors(ctx context.Context, role Role) ([]Officer, error) {
	list, err := r.OfficersOf(ctx, role.places()[0])
	if err != nil {
		return nil, err
	}
	var may []Officer
	for _, o := range list {
		switch err := r.mayTakeOver(ctx, o.Person, role); {
		case err == nil:
			may = append(may, o)
		case !errors.Is(err, ErrNotYours):
			return nil, err
		}
	}
	return may, nil
}

// mayTakeOver refuses one who is no officer of all that a role is for, or is who leaves.
func (r *Reader) mayTakeOver(ctx context.Context, person int64, role Role) error {
	rs, err := r.RolesOf(ctx, person)
	if err != nil {
		return err
	}
	for _, place := range role.places() {
		if person == role.Person || !rs.Officers().Covers(place) {
			return ErrNotYours
		}
	}
	return nil
}

// places are the areas of a role; an admin's is even what has no place.
func (r Role) places() []Place {
	if r.Kind == RoleAdmin {
		return []Place{{}}
	}
	var all []Place
	for _, area := range r.Areas {
		if len(area) == 2 {
			all = append(all, Place{Province: area})
		} else {
			all = append(all, Place{Commune: area})
		}
	}
	return all
}
