//! Files that are no list, or none that can be opened: each is named as what it is, with what to do.

use crate::fault::Faults;
use crate::roster::why::Why;
use crate::words;
use crate::words::Words;

/// A kind of file that cannot be a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// A text document or presentation of an office program.
    Document,
    /// An XLSB.
    BinaryWorkbook,
    /// A document of Apple's Numbers or its sisters.
    Numbers,
    /// A PDF.
    Pdf,
    /// A picture.
    Picture,
    /// An archive other than zip.
    Archive,
    /// A web page without a table that holds anything.
    Page,
    /// A web page with its pictures in one file.
    PageArchive,
    /// XML of another kind.
    Xml,
}

/// What a file is by its first bytes, where it is no list.
#[must_use]
pub fn by_first_bytes(bytes: &[u8]) -> Option<Other> {
    const SIGNS: [(&[u8], Other); 14] = [
        (b"%PDF", Other::Pdf),
        (b"{\\rtf", Other::Document),
        (b"\x89PNG", Other::Picture),
        (b"\xff\xd8\xff", Other::Picture),
        (b"GIF8", Other::Picture),
        (b"BM", Other::Picture),
        (b"II*\0", Other::Picture),
        (b"MM\0*", Other::Picture),
        (b"RIFF", Other::Picture),
        (b"Rar!\x1a", Other::Archive),
        (b"7z\xbc\xaf\x27\x1c", Other::Archive),
        (b"\x1f\x8b\x08", Other::Archive),
        (b"BZh9", Other::Archive),
        (b"MIME-Version:", Other::PageArchive),
    ];
    // A text may begin with two or four letters; a picture holds bytes that no text does.
    let is_text = |other: Other| other == Other::Picture && !bytes.iter().take(64).any(|&b| b == 0);
    let heif = bytes.get(4..12).filter(|sign| [&b"ftypheic"[..], b"ftypmif1"].contains(sign)).map(|_| Other::Picture);
    let found = SIGNS.into_iter().find(|(sign, _)| bytes.starts_with(sign)).map(|(_, other)| other);
    found.filter(|&other| !is_text(other)).or(heif)
}

/// What a text that begins with `<` and holds no list is.
#[must_use]
pub fn markup(text: &str) -> Other {
    let is_xml = text.starts_with("<?xml") && !text.chars().take(4096).collect::<String>().contains("<html");
    if is_xml { Other::Xml } else { Other::Page }
}

impl Other {
    fn name(self) -> Words {
        match self {
            Self::Document => words!("文字文档或演示文稿", "a text document or presentation"),
            Self::BinaryWorkbook => words!("二进制工作簿（XLSB）", "a binary workbook (XLSB)"),
            Self::Numbers => words!("苹果 Numbers 文件", "a document of Apple Numbers"),
            Self::Pdf => words!("PDF 文件", "a PDF"),
            Self::Picture => words!("图片", "a picture"),
            Self::Archive => words!("压缩包", "an archive"),
            Self::Page => words!("没有表格的网页", "a web page without a table"),
            Self::PageArchive => words!("网页存档（MHT）", "a web archive (MHT)"),
            Self::Xml => words!("不是表格的 XML 文件", "XML that is no spreadsheet"),
        }
    }

    fn action(self) -> Words {
        match self {
            Self::Document => words!(
                "请把其中的表格复制到 Excel 或 WPS 表格里，另存为 .xlsx 后再试",
                "copy the table in it into a spreadsheet program, save it as .xlsx and try again"
            ),
            Self::Numbers => words!(
                "请在 Numbers 里用“文件 › 导出为 › Excel”导出后再试",
                "export it in Numbers with File › Export To › Excel and try again"
            ),
            Self::Pdf | Self::Picture => words!(
                "请向制表人要原来的表格文件（.xlsx 或 .csv）",
                "ask whoever made it for the spreadsheet itself (.xlsx or .csv)"
            ),
            Self::Archive => words!("请先解压，再选择其中的名册", "unpack it first, then take the list in it"),
            Self::Page => words!(
                "导出可能没有成功（例如登录已过期）；请重新导出名册",
                "the export may have failed (a login that has expired, for one); export the list again"
            ),
            Self::BinaryWorkbook | Self::PageArchive | Self::Xml => words!(
                "请用 Excel 或 WPS 打开它，另存为 .xlsx 后再试",
                "open it in a spreadsheet program, save it as .xlsx and try again"
            ),
        }
    }

    /// The fault of such a file.
    #[must_use]
    pub fn refused(self, file: &str) -> Faults {
        let why = Why {
            found: self.name(),
            expected: words!("CSV、XLSX、XLS、ODS 或 JSON 名册", "a list as CSV, XLSX, XLS, ODS or JSON"),
            action: self.action(),
        };
        why.refuse("not_a_list", file.to_owned())
    }
}

/// The fault of a workbook that cannot be read.
#[must_use]
pub fn damaged(file: &str) -> Faults {
    let why = Why {
        found: words!("损坏或不完整的工作簿", "a damaged or incomplete workbook"),
        expected: words!("能用 Excel 或 WPS 打开的工作簿", "a workbook that a spreadsheet program can open"),
        action: words!("请重新导出或下载，再另存为 .xlsx", "export or download it again and save it as .xlsx"),
    };
    why.refuse("damaged_workbook", file.to_owned())
}

/// The fault of a workbook that is encrypted.
#[must_use]
pub fn locked(file: &str) -> Faults {
    let why = Why {
        found: words!("有密码保护的工作簿", "a workbook behind a password"),
        expected: words!("没有密码的工作簿", "a workbook without a password"),
        action: words!("请去掉密码后另存，再试一次", "save it without the password and try again"),
    };
    why.refuse("locked_workbook", file.to_owned())
}
