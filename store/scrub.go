package store

import (
	"database/sql"
	"encoding/binary"
)

// Tables with what people wrote. Their indexes may hold ids, moments and hashes alone, and
// are cleaned as well.
var (
	answerTables  = []string{"answer", "answer_event", "answer_tag", "outbox", "invitation", "invitation_token", "survey_contact"}
	commentTables = []string{"comment", "comment_email"}
)

// scrub puts zeros into the unused middle of the pages of tables. Removed rows are
// overwritten where they lie (PRAGMA secure_delete), but when SQLite moves rows between
// neighbouring pages to make room, copies of them stay behind there: a person could be read
// from the file after everything about them was erased. It reads every page of the tables
// and of their indexes, which hold tags and what stands for connections once more.
func (t *tx) scrub(tables []string) error {
	for _, table := range tables {
		dirty := map[int64][]byte{}
		err := t.rows("SELECT p.pgno, p.data FROM dbstat s JOIN sqlite_dbpage p ON p.pgno = s.pageno WHERE s.name IN (SELECT name FROM sqlite_schema WHERE tbl_name = $1) AND s.pagetype <> 'overflow'", func(r *sql.Rows) error {
			var number int64
			var page []byte
			if err := r.Scan(&number, &page); err != nil {
				return err
			}
			if clean, changed := withoutRemains(number, page); changed {
				dirty[number] = clean
			}
			return nil
		}, table)
		if err != nil {
			return err
		}
		for number, page := range dirty {
			if _, err := t.exec("UPDATE sqlite_dbpage SET data = $1 WHERE pgno = $2", page, number); err != nil {
				return err
			}
		}
	}
	return nil
}

// withoutRemains returns a page of a tree with zeros between the list of its rows and the
// rows themselves (sqlite.org/fileformat2.html, part 1.6); changed is false where there
// were none but zeros, and for pages that are none of a tree.
func withoutRemains(number int64, page []byte) (clean []byte, changed bool) {
	const first, fileHeader, leafHeader, innerHeader = 1, 100, 8, 12
	if number == first || len(page) < fileHeader {
		return nil, false // the first holds the names of the tables, and nobody's words
	}
	header := 0
	switch page[0] {
	case 10, 13: // leaf of an index or of a table
		header = leafHeader
	case 2, 5:
		header = innerHeader
	default:
		return nil, false
	}
	from := header + 2*int(binary.BigEndian.Uint16(page[3:]))
	until := int(binary.BigEndian.Uint16(page[5:]))
	if until == 0 || until > len(page) || from > until {
		return nil, false
	}
	for _, b := range page[from:until] {
		changed = changed || b != 0
	}
	if changed {
		clean = append([]byte{}, page...)
		clear(clean[from:until])
	}
	return clean, changed
}
