package dev.halcyon.codecs.render;

import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.caption.CaptionPainter;
import dev.halcyon.core.render.ChunkPlan;
import dev.halcyon.core.render.FramePlan;
import dev.halcyon.core.render.RenderChunk;
import dev.halcyon.core.render.RenderSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Renders chunks, one after the other, until there are no more. One platform thread; owns its
 * decoder, scalers and encoder while it works.
 */
final class ChunkWorker implements Callable<Integer> {
  private final ChunkPlan plan;
  private final Path source;
  private final ChunkFolder folder;
  private final ChunkQueue queue;
  private final int number;
  private final Stop stop;
  private final IntConsumer onFrames;

  /**
   * @param number of this worker in the queue
   * @param onFrames told how many pictures more are done; called on this worker's thread
   */
  ChunkWorker(
      ChunkPlan plan,
      Path source,
      ChunkFolder folder,
      ChunkQueue queue,
      int number,
      Stop stop,
      IntConsumer onFrames) {
    this.plan = plan;
    this.source = source;
    this.folder = folder;
    this.queue = queue;
    this.number = number;
    this.stop = stop;
    this.onFrames = onFrames;
  }

  /** Returns how many chunks it rendered. */
  @Override
  public Integer call() throws IOException {
    Optional<RenderChunk> chunk = queue.next(number);
    if (chunk.isEmpty()) {
      return 0;
    }
    int done = 0;
    RenderSpec spec = plan.spec();
    try (SourcePictures pictures = SourcePictures.open(source, spec.source(), stop);
        PictureFramer framer = new PictureFramer(spec.picture());
        Captioner captioner = new Captioner(spec)) {
      while (chunk.isPresent()) {
        encode(chunk.get(), pictures, framer, captioner);
        done++;
        chunk = queue.next(number);
      }
    }
    return done;
  }

  private void encode(
      RenderChunk chunk, SourcePictures pictures, PictureFramer framer, Captioner captioner)
      throws IOException {
    RenderSpec spec = plan.spec();
    try (ChunkEncoder encoder = new ChunkEncoder(spec.picture(), spec.coding());
        CodedFileWriter out = folder.begin(chunk.key())) {
      for (int frame = chunk.fromFrame(); frame < chunk.toFrame(); frame++) {
        stop.check();
        FramePlan wanted = plan.frame(frame);
        AVFrame shown = pictures.at(wanted.mediaUs(), wanted.preferred());
        FrameHandle framed = framer.frame(shown, pictures.displayRatio(), wanted);
        captioner.draw(wanted, framed);
        encoder.encode(framed, frame - chunk.fromFrame(), out::add);
        onFrames.accept(1);
      }
      encoder.finish(out::add);
      out.commit(encoder.config());
    }
  }

  /** Draws captions, once there are any: fonts cost time and memory. */
  private static final class Captioner implements AutoCloseable {
    private final RenderSpec spec;
    private CaptionPainter painter;

    Captioner(RenderSpec spec) {
      this.spec = spec;
    }

    void draw(FramePlan wanted, FrameHandle picture) {
      if (wanted.caption().isNothing()) {
        return;
      }
      if (painter == null) {
        painter =
            new CaptionPainter(
                spec.captions().track().style(),
                spec.picture().widthPx(),
                spec.picture().heightPx(),
                spec.captions().safe());
      }
      painter.image(wanted.caption()).ifPresent(image -> image.blend(picture.pointer()));
    }

    @Override
    public void close() {
      if (painter != null) {
        painter.close();
      }
    }
  }
}
