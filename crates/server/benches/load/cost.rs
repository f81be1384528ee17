//! What a process takes of its machine, as the kernel counts.

use std::time::Duration;

/// Of the processor, so far.
pub(crate) fn processor_time(process: u32) -> Duration {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // Behind the name, which may hold anything, in hundredths of a second: the 14th and the 15th field.
    let fields: Vec<&str> = text.rsplit(')').next().unwrap().split_whitespace().collect();
    let hundredths: u64 = [fields[11], fields[12]].iter().map(|field| field.parse::<u64>().unwrap()).sum();
    Duration::from_millis(hundredths * 10)
}

/// Of the memory, in bytes: what is resident now.
pub(crate) fn memory(process: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}
