package zalo

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	_ "image/png" // read by image.Decode
	"path"
	"strings"

	"golang.org/x/image/draw"
)

const (
	maxSide   = 1600       // pixels of a picture's longer side: what a phone can show
	maxPixels = 30_000_000 // of a picture that we decode: some take twelve bytes each
)

// scaled makes a jpg or png fit for the platform: as it is when it fits, else a
// smaller JPEG.
func scaled(content []byte) (fit []byte, kind string, err error) {
	cfg, format, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil || format != "jpeg" && format != "png" || cfg.Width*cfg.Height > maxPixels {
		return nil, "", errUnfit
	}
	if len(content) <= maxPicture && max(cfg.Width, cfg.Height) <= maxSide {
		return content, "image/" + format, nil
	}
	src, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, "", errUnfit
	}
	turn := orientation(content)
	for side := maxSide; ; side = side * 3 / 4 {
		img := upright(shrunk(src, side), turn)
		for _, quality := range []int{85, 70} {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
				return nil, "", errUnfit
			}
			if b.Len() <= maxPicture {
				return b.Bytes(), "image/jpeg", nil
			}
		}
	}
}

// shrunk is a picture on white whose longer side is at most side pixels.
func shrunk(src image.Image, side int) *image.RGBA {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	if long := max(w, h); long > side {
		w, h = max(w*side/long, 1), max(h*side/long, 1)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(dst, dst.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.BiLinear.Scale(dst, dst.Bounds(), src, src.Bounds(), draw.Over, nil)
	return dst
}

// upright turns a picture as its orientation says (Exif 2.3, tag 0x0112), which
// is lost when it is written anew.
func upright(src *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return src
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if orientation > 4 {
		size = image.Rect(0, 0, h, w)
	}
	dst := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch orientation {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			dst.SetRGBA(tx, ty, src.RGBAAt(x, y))
		}
	}
	return dst
}

// orientation reads how a JPEG lies, 1 to 8; 1 when it does not say.
func orientation(jpg []byte) int {
	for i := 2; i+4 <= len(jpg) && jpg[i] == 0xff && jpg[i+1] != 0xda; { // to the picture itself
		size := int(binary.BigEndian.Uint16(jpg[i+2:]))
		end := i + 2 + size
		if size < 2 || end > len(jpg) {
			break
		}
		if tiff, ok := bytes.CutPrefix(jpg[i+4:end], []byte("Exif\x00\x00")); ok && jpg[i+1] == 0xe1 {
			return exifOrientation(tiff)
		}
		i = end
	}
	return 1
}

func exifOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	for n := order.Uint16(tiff[at:]); n > 0; n-- {
		entry := at + 2 + uint64(n-1)*12
		if entry+12 <= uint64(len(tiff)) && order.Uint16(tiff[entry:]) == 0x0112 {
			return int(order.Uint16(tiff[entry+8:]))
		}
	}
	return 1
}

// gifSize is how large a gif is: the platform does not look by itself (section 3.4).
func gifSize(content []byte) (width, height int, err error) {
	cfg, err := gif.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return 0, 0, errUnfit
	}
	return cfg.Width, cfg.Height, nil
}

// named gives a picture's name the ending of what it has become.
func named(name, kind string) string {
	ending := path.Ext(name)
	switch low := strings.ToLower(ending); {
	case kind == "image/jpeg" && low != ".jpg" && low != ".jpeg":
		return strings.TrimSuffix(name, ending) + ".jpg"
	case kind == "image/png" && low != ".png":
		return strings.TrimSuffix(name, ending) + ".png"
	}
	return name
}
