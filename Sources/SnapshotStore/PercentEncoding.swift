/// Names that may hold any character, written with those that a file or a Redis key can have.
enum PercentEncoding {
    /// Every byte of a portable file name.
    static func fileName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// Every byte but those that begin and end a hash tag.
    static func hashTag(_ byte: UInt8) -> Bool {
        byte != UInt8(ascii: "{") && byte != UInt8(ascii: "}") && byte != UInt8(ascii: "%")
    }

    /// `name` with every byte of its UTF-8 that `isKept` refuses written as `%` and two hexadecimal digits.
    static func encode(_ name: String, keeping isKept: (UInt8) -> Bool) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let bytes = name.utf8.flatMap { byte in
            isKept(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
