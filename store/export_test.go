package store

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"
	"lensan/bot/vietnamese"
)

// FillCatalogue adds products as a country has them: a thing, what is made of it, a
// place; of one producer for two, in the communes of two provinces.
func FillCatalogue(ctx context.Context, tx *Tx, n int) error {
	things := strings.Fields("Mật_ong Trà Chè Gạo_nếp Gạo_tẻ Rượu_ngô Rượu_mận Miến_dong Tinh_dầu_quế Thịt_trâu_sấy Lạp_sườn Cốm Măng_khô Cá_hồi Nấm_hương Mộc_nhĩ Mắm_tép Bánh_chưng Chả_cá Giò_lụa Thổ_cẩm Hạt_tiêu Cà_phê Xoài_sấy Tương_ớt")
	kinds := strings.Fields("rừng sạch đặc_sản hữu_cơ cổ_thụ truyền_thống nguyên_chất sấy_dẻo bản_địa hoa_nhãn")
	onset := strings.Fields("B Ch D Đ G H Kh L M N Ng Nh Ph Qu S T Th Tr V X")
	rime := strings.Fields("an ảnh ầu êm iếng oài ong ơn ũng uyên ương ay")
	communes := append(vietnamese.CommunesOf("15"), vietnamese.CommunesOf("08")...)
	var producers, products [][]any
	for i := range n {
		place := onset[i%len(onset)] + rime[i/5%len(rime)] + " " + onset[i/3%len(onset)] + rime[i/11%len(rime)]
		name := strings.ReplaceAll(things[i%len(things)]+" "+kinds[i/7%len(kinds)]+" "+place, "_", " ")
		producers = append(producers, []any{"cooperative", "Hợp tác xã " + place, communes[i/3%len(communes)].Code, true})
		products = append(products, []any{i/2 + 1, name, fold(name) + string(rune('a'+i%2)), "food", "certified", true})
	}
	if _, err := tx.tx.CopyFrom(ctx, pgx.Identifier{"producers"}, []string{"kind", "name", "commune", "listed"}, pgx.CopyFromRows(producers)); err != nil {
		return err
	}
	if _, err := tx.tx.CopyFrom(ctx, pgx.Identifier{"products"}, []string{"producer", "name", "folded", "product_group", "state", "listed"}, pgx.CopyFromRows(products)); err != nil {
		return err
	}
	if _, err := tx.exec(ctx, `insert into certificates (product, stars, decision) select id, 3, (id % 500) + 4000 || '/QĐ-UBND' from products`); err != nil {
		return err
	}
	return tx.changedCatalogue(ctx)
}

// ProducerKey is producerKey.
func ProducerKey(name string) string { return producerKey(name) }

// AllProducers are the keys of producers by name.
func (r *Reader) AllProducers(ctx context.Context) (map[string]string, error) {
	keys := map[string]string{}
	rows, err := r.q.Query(ctx, `select name, folded from producers`)
	if err != nil {
		return nil, err
	}
	var name, key string
	_, err = pgx.ForEachRow(rows, []any{&name, &key}, func() error { keys[name] = key; return nil })
	return keys, err
}
