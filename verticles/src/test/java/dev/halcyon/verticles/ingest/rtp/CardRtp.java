package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.MediaKind;
import dev.halcyon.core.media.Track;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A test card as RTP: what is sent, packet by packet, and what it was made of. */
public final class CardRtp {
  /** One datagram of a medium, sent at a time of the card. Tests may change its bytes. */
  public static final class Sent {
    private final int medium;
    private final long atUs;
    private final byte[] datagram;

    Sent(int medium, long atUs, byte[] datagram) {
      this.medium = medium;
      this.atUs = atUs;
      this.datagram = datagram;
    }

    public int medium() {
      return medium;
    }

    long atUs() {
      return atUs;
    }

    public byte[] datagram() {
      return datagram;
    }
  }

  final List<CodedPacket> units = new ArrayList<>();
  final List<Sent> sent = new ArrayList<>();
  private final Map<Integer, RtpSender> senders = new HashMap<>();
  private final List<Track> tracks;
  private int pictures;

  /** Stamps and numbers begin just before they wrap. */
  public CardRtp(TestCard card, long durationUs) {
    try (TestCardSource source = TestCardSource.of(card, durationUs)) {
      tracks = source.tracks();
      for (Track track : tracks) {
        int clockHz = track.isVideo() ? 90_000 : 48_000;
        senders.put(
            track.index(),
            new RtpSender(96 + track.index(), clockHz, 77 + track.index(), 65_500, 0xffff_ff00L));
      }
      for (Optional<CodedPacket> next = source.next(); next.isPresent(); next = source.next()) {
        add(next.get());
      }
    }
  }

  private void add(CodedPacket unit) {
    units.add(unit);
    byte[] bytes = unit.payload().toArray();
    List<byte[]> payloads =
        switch (unit.track().format().codec()) {
          case H264 -> Payloads.h264(Payloads.nals(unit.payload()));
          case HEVC -> Payloads.h265(Payloads.nals(unit.payload()));
          case VP8 -> Payloads.vp8(bytes, pictures++);
          case VP9 -> Payloads.vp9(bytes, pictures++, unit.isKeyframe());
          case AV1 -> Payloads.av1(Payloads.obus(bytes), unit.isKeyframe());
          case AAC -> List.of(Payloads.aac(List.of(bytes)));
          default -> List.of(bytes);
        };
    int medium = unit.track().index();
    for (byte[] datagram : senders.get(medium).send(unit.ptsUs(), payloads)) {
      sent.add(new Sent(medium, unit.dtsUs(), datagram));
    }
  }

  /** In the order in which they are sent. */
  public List<Sent> sent() {
    return sent;
  }

  RtpSender sender(int medium) {
    return senders.get(medium);
  }

  List<Track> tracks() {
    return tracks;
  }

  /** What is announced; without parameter sets when they are to be learnt in band. */
  public List<MediaReceiver.Medium> media() {
    return tracks.stream()
        .map(
            track ->
                new MediaReceiver.Medium(
                    track.isVideo() ? MediaKind.VIDEO : MediaKind.AUDIO,
                    new RtpFormat(
                        96 + track.index(),
                        encoding(track.format().codec()),
                        track.isVideo() ? 90_000 : 48_000,
                        track.isVideo() ? 1 : 2,
                        parameters(track))))
        .toList();
  }

  private static String encoding(Codec codec) {
    return switch (codec) {
      case HEVC -> "H265";
      case AAC -> "MPEG4-GENERIC";
      default -> codec.name();
    };
  }

  private static Map<String, String> parameters(Track track) {
    Bytes config = track.format().config();
    return switch (track.format().codec()) {
      case H264 -> Map.of("sprop-parameter-sets", base64(parameterSets(config)));
      case HEVC -> {
        List<byte[]> sets = hevcSets(config);
        yield Map.of(
            "sprop-vps", base64(sets.subList(0, 1)),
            "sprop-sps", base64(sets.subList(1, 2)),
            "sprop-pps", base64(sets.subList(2, 3)));
      }
      case AAC ->
          Map.of(
              "config", HexFormat.of().formatHex(config.toArray()),
              "sizelength", "13",
              "indexlength", "3",
              "indexdeltalength", "3");
      default -> Map.of();
    };
  }

  private static String base64(List<byte[]> nals) {
    return String.join(",", nals.stream().map(Base64.getEncoder()::encodeToString).toList());
  }

  /** SPS and PPS of {@code avcC}. */
  static List<byte[]> parameterSets(Bytes config) {
    ByteBuffer in = config.asBuffer().position(6);
    byte[] sps = new byte[in.getShort()];
    in.get(sps);
    in.get();
    byte[] pps = new byte[in.getShort()];
    in.get(pps);
    return List.of(sps, pps);
  }

  /** VPS, SPS and PPS of {@code hvcC}, one of each. */
  static List<byte[]> hevcSets(Bytes config) {
    ByteBuffer in = config.asBuffer().position(23);
    List<byte[]> sets = new ArrayList<>();
    while (in.hasRemaining()) {
      in.get();
      in.getShort();
      byte[] nal = new byte[in.getShort()];
      in.get(nal);
      sets.add(nal);
    }
    return sets;
  }

  public List<CodedPacket> units(int medium) {
    return units.stream().filter(unit -> unit.track().index() == medium).toList();
  }
}
