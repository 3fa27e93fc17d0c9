package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"

	"goalpost"
)

// chunkSize is how much of a raw file one row keeps; each row is compressed on its
// own and written in its own short transaction.
const chunkSize = 1 << 20

// PutRaw keeps the bytes of a file, compressed, under their hash. Bytes that are
// there already are not written again.
func (db *DB) PutRaw(ctx context.Context, org goalpost.OrgID, sha256 string, r io.Reader, size int64) error {
	var have int64
	if err := db.row(ctx, "SELECT chunks FROM raw_file WHERE org_id = $1 AND sha256 = $2", "file", []any{org, sha256}, &have); err == nil {
		return nil
	}
	buf := make([]byte, chunkSize)
	n := 0
	for {
		k, err := io.ReadFull(r, buf)
		if k > 0 {
			if err := db.putChunk(ctx, org, sha256, n, buf[:k]); err != nil {
				return err
			}
			n++
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("store: read the file: %w", err)
		}
	}
	return db.do(ctx, func(t *tx) error {
		_, err := t.exec("INSERT INTO raw_file (org_id, sha256, size, chunks) VALUES ($1, $2, $3, $4) ON CONFLICT (org_id, sha256) DO NOTHING", org, sha256, size, n)
		return err
	})
}

func (db *DB) putChunk(ctx context.Context, org goalpost.OrgID, sha256 string, n int, data []byte) error {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return fmt.Errorf("store: compress: %w", err)
	}
	if _, err := z.Write(data); err != nil {
		return fmt.Errorf("store: compress: %w", err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("store: compress: %w", err)
	}
	return db.do(ctx, func(t *tx) error {
		_, err := t.exec("INSERT INTO raw_chunk (org_id, sha256, n, bytes) VALUES ($1, $2, $3, $4) ON CONFLICT (org_id, sha256, n) DO UPDATE SET bytes = excluded.bytes", org, sha256, n, b.Bytes())
		return err
	})
}

// OpenRaw returns the bytes of a kept file.
func (db *DB) OpenRaw(ctx context.Context, org goalpost.OrgID, sha256 string) (io.ReadCloser, error) {
	r := &rawReader{ctx: ctx, db: db, org: org, sha256: sha256}
	if err := db.row(ctx, "SELECT chunks FROM raw_file WHERE org_id = $1 AND sha256 = $2", "file", []any{org, sha256}, &r.chunks); err != nil {
		return nil, err
	}
	return r, nil
}

type rawReader struct {
	ctx       context.Context
	db        *DB
	org       goalpost.OrgID
	sha256    string
	n, chunks int
	z         io.Reader
}

func (r *rawReader) Read(p []byte) (int, error) {
	for {
		if r.z != nil {
			n, err := r.z.Read(p)
			if n > 0 || !errors.Is(err, io.EOF) {
				return n, err
			}
			r.z = nil
		}
		if r.n == r.chunks {
			return 0, io.EOF
		}
		var data []byte
		if err := r.db.row(r.ctx, "SELECT bytes FROM raw_chunk WHERE org_id = $1 AND sha256 = $2 AND n = $3", "file", []any{r.org, r.sha256, r.n}, &data); err != nil {
			return 0, err
		}
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return 0, fmt.Errorf("store: raw file %s: %w", r.sha256, err)
		}
		r.z = z
		r.n++
	}
}

// Close ends the reading.
func (r *rawReader) Close() error { return nil }
