package dev.halcyon.verticles.ingest.rtp;

/** What happened to the packets of one publisher. Written and read by its one thread. */
public final class RtpCounts {
  long packets;
  long lostPackets;
  long reorderedPackets;
  long latePackets;
  long malformedPackets;
  long foreignPackets;
  long droppedPictures;
  long concealedSounds;

  RtpCounts() {}

  /** All that came, whatever it was. */
  public long packets() {
    return packets;
  }

  /** Never came, or too late to be of use. */
  public long lostPackets() {
    return lostPackets;
  }

  /** Came after one that was sent later, and were put in order. */
  public long reorderedPackets() {
    return reorderedPackets;
  }

  /** Came twice, or after they had been given up. */
  public long latePackets() {
    return latePackets;
  }

  /** Were no RTP, or coded data that cannot be. */
  public long malformedPackets() {
    return malformedPackets;
  }

  /** Belonged to no track. */
  public long foreignPackets() {
    return foreignPackets;
  }

  /** Pictures that lost a packet, and those that cannot be decoded without them. */
  public long droppedPictures() {
    return droppedPictures;
  }

  /** Sound packets put in the place of lost ones. */
  public long concealedSounds() {
    return concealedSounds;
  }
}
