package dev.halcyon.verticles.stream.tap;

import dev.halcyon.core.detect.AudioLevel;
import dev.halcyon.core.detect.SceneScore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** For tests: keeps what taps measured, and which threads said so. */
final class RecordingListener implements TapListener {
  final List<AudioLevel> levels = new CopyOnWriteArrayList<>();
  final List<SceneScore> scenes = new CopyOnWriteArrayList<>();
  final List<String> threads = new CopyOnWriteArrayList<>();

  @Override
  public void onLevel(AudioLevel level, long arrivalUs) {
    levels.add(level);
    threads.add(Thread.currentThread().getName());
  }

  @Override
  public void onScene(SceneScore score, long arrivalUs) {
    scenes.add(score);
    threads.add(Thread.currentThread().getName());
  }
}
