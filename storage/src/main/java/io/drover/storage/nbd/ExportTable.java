package io.drover.storage.nbd;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The exports that a client of one listener may see. */
sealed interface ExportTable {

  /** The empty name asks for the default export. */
  Optional<Export> find(String name);

  List<Export> all();

  /** One export, which is also the default. */
  record Single(Export export) implements ExportTable {
    @Override
    public Optional<Export> find(String name) {
      return name.isEmpty() || name.equals(export.name()) ? Optional.of(export) : Optional.empty();
    }

    @Override
    public List<Export> all() {
      return List.of(export);
    }
  }

  /** A live view of named exports; the default exists only while there is a single one. */
  record Named(Map<String, Export> live) implements ExportTable {
    @Override
    public Optional<Export> find(String name) {
      if (!name.isEmpty()) {
        return Optional.ofNullable(live.get(name));
      }
      List<Export> all = all();
      return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
    }

    @Override
    public List<Export> all() {
      return live.values().stream()
          .sorted((left, right) -> left.name().compareTo(right.name()))
          .toList();
    }
  }
}
