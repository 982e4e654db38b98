//! The `fenzu` program; everything is in the library.

use std::process::ExitCode;

// Search allocates little, reading and reporting much; mimalloc is faster at both than the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    fenzu::cli::main()
}
