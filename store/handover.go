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
	if len(role.Areas) == 0 {
		return nil, nil
	}
	at := Place{Commune: role.Areas[0]}
	if len(role.Areas[0]) == 2 {
		at = Place{Province: role.Areas[0]}
	}
	list, err := r.OfficersOf(ctx, at)
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
