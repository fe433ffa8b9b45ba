# What people type; README.md explains it.
.PHONY: run test kill lint bench

# run starts the demo: no account and no configuration needed.
run:
	@test -n "$$DATABASE_URL" || .dev/install postgres redis || true
	go run ./cmd/lensan

# test is the whole check. A missing server fails it, nothing is skipped.
test:
	@.dev/install postgres redis chromium font compiler
	@unformatted="$$(gofmt -l .)"; test -z "$$unformatted" || { echo "run gofmt -w on:" $$unformatted; exit 1; }
	go vet ./...
	go mod tidy -diff
	go run ./cmd/lensan servers -- go test -race -timeout 15m ./...

# kill kills the program 200 times under load, takes Postgres and Redis away for
# two minutes, and lets Zalo hang for 30 s. `make test` does the same in short. The
# figures are printed.
kill:
	@.dev/install postgres redis
	go test ./cmd/lensan -run 'TestKill|TestOutage|TestZaloHangs' -hang 30s -replicas 0 -kills 200 -households 60 -outage 2m -parallel 1 -timeout 1h -v

lint:
	go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0 run

bench:
	@.dev/install postgres redis
	go run ./cmd/lensan servers -- go test -run '^$$' -bench . -benchmem ./...
