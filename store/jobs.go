package store

import "github.com/riverqueue/river/riverdriver/riverpgxv5"

// Jobs is where the job queue (River) keeps its jobs: in this database.
func (db *DB) Jobs() *riverpgxv5.Driver { return riverpgxv5.New(db.pool) }
