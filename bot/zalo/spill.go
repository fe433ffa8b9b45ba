package zalo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// spilled is the answer to a call on its way into the database: the tokens are
// sealed, as there. A process that ends before they are committed leaves it for
// the next one.
type spilled struct {
	Spent []byte // the sealed refresh token the call was made with
	Row   Row
}

func (r *Refresher) spillFile() string { return filepath.Join(r.Folder, "zalo-tokens.json") }

// spill keeps new tokens on disk.
func (r *Refresher) spill(spent []byte, row Row) (err error) {
	if r.Folder == "" {
		return nil
	}
	data, err := json.Marshal(spilled{spent, row})
	if err != nil {
		return err
	}
	part := r.spillFile() + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(part, r.spillFile())
}

// unspill takes up what an earlier process left. Where the row has moved on it is
// of no use.
func (r *Refresher) unspill(ctx context.Context) error {
	if r.Folder == "" {
		return nil
	}
	data, err := os.ReadFile(r.spillFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var s spilled
	if err := json.Unmarshal(data, &s); err != nil || s.Spent == nil {
		return fmt.Errorf("zalo: %s cannot be read (%w): take it away", r.spillFile(), err)
	}
	if _, err := r.Store.Save(ctx, r.app, s.Spent, s.Row); err != nil {
		return err
	}
	return r.despill()
}

// despill forgets what is in the database.
func (r *Refresher) despill() error {
	if r.Folder == "" {
		return nil
	}
	if err := os.Remove(r.spillFile()); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
