package flows_test

import (
	"context"
	"fmt"
	"strings"

	"lensan/bot"
	"lensan/store"
)

// role makes the chat that of somebody with a role: "officer 02839 Giàng Thị Sua",
// "officer 15 …", "admin - …", or "manager CT-000001 …" of a producer.
func role(ctx context.Context, db *store.DB, chat bot.Chat, what string) error {
	kind, what, _ := strings.Cut(what, " ")
	area, name, _ := strings.Cut(what, " ")
	tx, err := db.Begin(ctx, chat, 0, "")
	if err != nil {
		return err
	}
	defer tx.Rollback()
	s := tx.(*store.Tx)
	p, err := s.AddPerson(ctx, store.Person{Name: name, Lang: "vi"})
	if err != nil {
		return err
	}
	if _, err := s.AddConsent(ctx, store.Consent{Person: p.ID, Kind: store.ConsentRecords, Version: "1", Lang: "vi", Channel: chat.Channel, Given: true}); err != nil {
		return err
	}
	inv := store.Invitation{By: store.CommandLine, Role: kind}
	switch {
	case kind == store.Manager:
		producer, err := s.ProducerByCode(ctx, area)
		if err != nil {
			return err
		}
		inv.Producer = producer.ID
	case kind != store.RoleAdmin:
		inv.Areas = []string{area}
	}
	code, err := s.Invite(ctx, inv)
	if err != nil {
		return err
	}
	if _, err := s.Accept(ctx, p.ID, code); err != nil {
		return err
	}
	_, err = tx.Commit(ctx, bot.Turn{Chat: chat, Session: &bot.Session{Turn: 1, Nonce: "role", Person: p.ID, Lang: "vi"}, Outcome: bot.Silent})
	return err
}

// cooperative adds a cooperative with a product, registered by somebody who never
// writes again: "02761 HTX Minh Ngọc: Quả nhãn".
func cooperative(ctx context.Context, db *store.DB, _ bot.Chat, what string) error {
	commune, what, _ := strings.Cut(what, " ")
	name, product, _ := strings.Cut(what, ": ")
	return db.Change(ctx, func(tx *store.Tx) error {
		who, err := tx.AddPerson(ctx, store.Person{})
		if err != nil {
			return err
		}
		p, err := tx.AddProducer(ctx, who.ID, store.Producer{Kind: store.Cooperative, Name: name, Commune: commune})
		if err != nil {
			return err
		}
		_, err = tx.AddProduct(ctx, who.ID, store.Product{Producer: p.ID, Name: product, Group: "food", Place: commune})
		return err
	})
}

// rolesOf are everybody's roles and memberships.
func rolesOf(ctx context.Context, db *store.DB) ([]string, error) {
	var rows []string
	for id := int64(1); id <= 40; id++ {
		r, err := db.Read().Role(ctx, id)
		if err != nil {
			continue
		}
		p, err := db.Read().Person(ctx, r.Person)
		if err != nil {
			return nil, err
		}
		row := fmt.Sprintf("%s | %s | %s", p.Name, r.Kind, strings.Join(r.Areas, " "))
		if r.Ended != nil {
			row += " | đã thôi"
		}
		rows = append(rows, row)
	}
	for id := int64(1); id <= 9; id++ {
		p, err := db.Read().Person(ctx, id)
		if err != nil {
			continue
		}
		mine, err := db.Read().ProducersOf(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, m := range mine {
			if p.Name == "" {
				continue
			}
			rows = append(rows, fmt.Sprintf("%s | %s", p.Name, m.Name))
		}
	}
	return rows, nil
}
