package store_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"slices"
	"testing"

	"lensan/store"
)

func TestFile(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	p := r.add("Gạo Séng Cù")
	var files []store.File
	for _, ref := range []string{"a", "b", "c"} {
		r.change(func(tx *store.Tx) error {
			f, err := tx.AddFile(ctx, store.File{Person: r.lan, Product: p.ID, Channel: "telegram", Ref: ref, Type: "image/jpeg", Size: 7})
			files = append(files, f)
			return err
		})
	}
	sum := sha256.Sum256([]byte("photo"))
	r.change(func(tx *store.Tx) error {
		f := files[0]
		f.Key, f.Type, f.Size, f.SHA256 = "photos/1.jpg", "image/jpeg", 5, sum[:]
		r.must(tx.MarkFetched(ctx, f))
		if err := tx.MarkFetched(ctx, f); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("fetched twice: %v", err)
		}
		r.must(tx.MarkLost(ctx, files[0].ID)) // too late, it is here
		return tx.MarkLost(ctx, files[1].ID)
	})
	unfetched, err := r.Read().Unfetched(ctx, 10)
	if err != nil || len(unfetched) != 1 || unfetched[0].Ref != "c" {
		t.Errorf("unfetched: %+v, %v", unfetched, err)
	}
	got, err := r.Read().Product(ctx, p.ID)
	if err != nil || !slices.Equal(got.Photos, []int64{files[0].ID, files[2].ID}) {
		t.Errorf("photos: %v, %v", got.Photos, err)
	}
	f, err := r.Read().File(ctx, files[0].ID)
	if err != nil || f.Key != "photos/1.jpg" || f.Size != 5 || !bytes.Equal(f.SHA256, sum[:]) {
		t.Errorf("%+v, %v", f, err)
	}

	r.refused(store.ErrNotYours, func(tx *store.Tx) error { return tx.RemoveFile(ctx, r.minh, f.ID) })
	r.change(func(tx *store.Tx) error {
		r.must(tx.RemoveFile(ctx, r.lan, files[2].ID)) // nothing lies anywhere for it
		return tx.RemoveFile(ctx, r.lan, f.ID)
	})
	keys, err := r.Read().DeletedFiles(ctx, 10)
	if err != nil || !slices.Equal(keys, []string{"photos/1.jpg"}) {
		t.Errorf("to be deleted: %v, %v", keys, err)
	}
	r.change(func(tx *store.Tx) error { return tx.ForgetFiles(ctx, keys) })
	if keys, err := r.Read().DeletedFiles(ctx, 10); err != nil || len(keys) != 0 {
		t.Errorf("still to be deleted: %v, %v", keys, err)
	}
}

func TestMaxPhotos(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	p := r.add("Gạo Séng Cù")
	r.change(func(tx *store.Tx) error {
		for i := range store.MaxPhotos + 1 {
			_, err := tx.AddFile(ctx, store.File{Person: r.lan, Product: p.ID, Channel: "zalo", Ref: "x"})
			if full := errors.Is(err, store.ErrFull); full != (i == store.MaxPhotos) || !full && err != nil {
				t.Errorf("photo %d: %v", i, err)
			}
		}
		return nil
	})
}
