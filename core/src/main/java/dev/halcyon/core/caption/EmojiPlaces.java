package dev.halcyon.core.caption;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Puts pictures beside English words that have an obvious one: at most one in a caption, none twice
 * in a while. One thread.
 */
final class EmojiPlaces {
  private static final long AGAIN_US = 15_000_000;

  /** A picture is as wide as two letters, and a blank. */
  private static final int CHARS = 3;

  private static final Map<String, String> PICTURES =
      read(
          """
      fire hot lit burning=🔥
      money cash dollars dollar rich=💰
      laugh laughing funny hilarious lol haha=😂
      love loved loves heart=❤️
      goal football soccer=⚽
      basketball=🏀
      game gaming gamer games=🎮
      win winner wins won champion champions victory trophy=🏆
      rocket launch launched=🚀
      idea ideas=💡
      brain mind smart thinking=🧠
      crazy insane unbelievable=🤯
      shocked shocking wow=😱
      cry crying tears sad=😢
      angry mad furious=😡
      happy happiness smile=😊
      party celebrate celebration birthday=🎉
      music song songs=🎵
      guitar=🎸
      coffee=☕
      pizza=🍕
      beer=🍺
      food eat eating hungry=🍽️
      dog dogs puppy=🐶
      cat cats kitten=🐱
      car cars driving=🚗
      plane flight flying=✈️
      house home=🏠
      world earth planet global=🌍
      sun sunny=☀️
      rain raining=🌧️
      snow snowing=❄️
      star stars=⭐
      time clock=⏰
      phone call called=📱
      computer laptop code coding=💻
      camera photo photos picture pictures=📷
      movie movies film cinema=🎬
      book books reading=📚
      school student students=🎓
      doctor hospital=🏥
      sleep sleeping tired=😴
      strong strength muscle gym=💪
      run running=🏃
      danger dangerous warning careful=⚠️
      stop=🛑
      secret secrets=🤫
      question questions=❓
      growth growing increase=📈
      drop dropped crash crashed=📉
      target aim=🎯
      bomb explode exploded explosion=💥
      king queen=👑
      ghost scary=👻
      perfect hundred=💯
      thanks thank=🙏
      eyes look watch=👀
      key=🔑
      gift present=🎁
      robot=🤖
      """);

  private final boolean isOn;
  private final int maxRowChars;
  private String lastPicture = "";
  private long lastUs;

  EmojiPlaces(String language, CaptionOptions options) {
    boolean isEnglish =
        language.equals("und") || language.toLowerCase(Locale.ROOT).startsWith("en");
    isOn = isEnglish && options.emoji() == CaptionOptions.Emoji.DICTIONARY;
    maxRowChars = options.maxRowChars();
  }

  /** The words of the next caption, one of them maybe with a picture. */
  List<CaptionWord> into(List<CaptionWord> words) {
    List<CaptionWord> placed = new ArrayList<>(words);
    for (int i = 0; isOn && i < words.size(); i++) {
      CaptionWord word = words.get(i);
      Optional<String> picture = picture(word.text());
      if (picture.isPresent() && isNew(picture.get(), word) && hasRoom(words, word.row())) {
        placed.set(
            i,
            new CaptionWord(word.text(), word.span(), word.row(), word.isBlankBefore(), picture));
        lastPicture = picture.get();
        lastUs = word.span().fromUs();
        break;
      }
    }
    return placed;
  }

  private boolean isNew(String picture, CaptionWord word) {
    return !picture.equals(lastPicture) || word.span().fromUs() - lastUs >= AGAIN_US;
  }

  private boolean hasRoom(List<CaptionWord> words, int row) {
    int chars =
        words.stream().filter(w -> w.row() == row).mapToInt(w -> w.text().length() + 1).sum();
    return chars - 1 + CHARS <= maxRowChars;
  }

  private static Optional<String> picture(String word) {
    String bare = word.toLowerCase(Locale.ROOT).replaceAll("^\\P{L}+|\\P{L}+$", "");
    return Optional.ofNullable(PICTURES.get(bare));
  }

  private static Map<String, String> read(String table) {
    Map<String, String> pictures = new HashMap<>();
    table
        .lines()
        .forEach(
            line -> {
              String[] sides = line.split("=", -1);
              for (String word : sides[0].split(" ", -1)) {
                pictures.put(word, sides[1]);
              }
            });
    return Map.copyOf(pictures);
  }
}
