//! How far a long run is: a bar on standard error, for terminals alone, gone when the run is over.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rolecall_workspace::Progress;

/// A run that is over before this shows no bar.
const PATIENCE: Duration = Duration::from_millis(700);

/// A bar that shows itself once the run takes long.
pub struct Bar {
    start: Instant,
    bar: OnceLock<ProgressBar>,
}

impl Default for Bar {
    fn default() -> Self {
        Bar { start: Instant::now(), bar: OnceLock::new() }
    }
}

impl Progress for Bar {
    fn begin(&self, deployments: usize) {
        let bar = ProgressBar::with_draw_target(Some(deployments as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} deployments") {
            bar.set_style(style);
        }
        let _ = self.bar.set(bar);
    }

    fn step(&self) {
        let Some(bar) = self.bar.get() else { return };
        if bar.is_hidden() && self.start.elapsed() > PATIENCE {
            // It draws on a terminal and nowhere else.
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        bar.inc(1);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
