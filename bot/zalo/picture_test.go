package zalo

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// exif is a JPEG segment that says how the picture lies.
func exif(order binary.AppendByteOrder, orientation uint16) []byte {
	tiff := []byte("MM\x00\x2a")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		tiff = []byte("II\x2a\x00")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	for _, e := range [][2]uint16{{0x010f, 7}, {0x0112, orientation}} {
		tiff = order.AppendUint16(tiff, e[0])
		tiff = order.AppendUint16(tiff, 3)
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint16(tiff, e[1])
		tiff = order.AppendUint16(tiff, 0)
	}
	segment := append([]byte("Exif\x00\x00"), tiff...)
	return append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(segment)+2)), segment...)
}

// TestOrientation: a picture that lies on its side stands upright when it is
// scaled down. The one here has a red corner, top left as it is seen.
func TestOrientation(t *testing.T) {
	t.Parallel()
	const w, h = 1700, 300
	corners := map[int]image.Point{ // where the camera wrote that corner
		1: {0, 0}, 2: {w - 1, 0}, 3: {w - 1, h - 1}, 4: {0, h - 1}, 5: {0, 0}, 6: {0, h - 1}, 7: {w - 1, h - 1}, 8: {w - 1, 0},
	}
	for orientation, corner := range corners {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			if order == binary.AppendByteOrder(binary.LittleEndian) && orientation != 6 {
				continue
			}
			img := image.NewRGBA(image.Rect(0, 0, w, h))
			for y := range h {
				for x := range w {
					if max(corner.X-x, x-corner.X) < 100 && max(corner.Y-y, y-corner.Y) < 100 {
						img.SetRGBA(x, y, color.RGBA{255, 0, 0, 255})
					} else {
						img.SetRGBA(x, y, color.RGBA{255, 255, 255, 255})
					}
				}
			}
			var b bytes.Buffer
			if err := jpeg.Encode(&b, img, nil); err != nil {
				t.Fatal(err)
			}
			content := append([]byte{0xff, 0xd8}, exif(order, uint16(orientation))...)
			content = append(content, b.Bytes()[2:]...)
			fit, kind, err := scaled(content)
			if err != nil || kind != "image/jpeg" {
				t.Fatal(kind, err)
			}
			got, err := jpeg.Decode(bytes.NewReader(fit))
			if err != nil {
				t.Fatal(err)
			}
			if _, g, _, _ := got.At(20, 20).RGBA(); g > 0x4000 {
				t.Errorf("%v, orientation %d: the corner is elsewhere", order, orientation)
			}
			if wide := got.Bounds().Dx() > got.Bounds().Dy(); wide != (orientation < 5) || max(got.Bounds().Dx(), got.Bounds().Dy()) != maxSide {
				t.Errorf("%v, orientation %d: %v", order, orientation, got.Bounds())
			}
		}
	}
}

// FuzzOrientation reads whatever stands before a picture.
func FuzzOrientation(f *testing.F) {
	f.Add(append([]byte{0xff, 0xd8}, exif(binary.BigEndian, 6)...))
	f.Add(append([]byte{0xff, 0xd8}, exif(binary.LittleEndian, 3)...))
	f.Fuzz(func(_ *testing.T, content []byte) { orientation(content) })
}
