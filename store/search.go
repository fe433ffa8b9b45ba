package store

import (
	"context"
)

// changedCatalogue tells that something that can be searched for has changed.
func (tx *Tx) changedCatalogue(ctx context.Context) error {
	_, err := tx.exec(ctx, `update catalogue set version = version + 1 where one`)
	return err
}
