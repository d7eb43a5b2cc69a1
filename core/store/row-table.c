/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/row-table.h"

#include <dirent.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/certificate-store.h"

#define HEX_SIZE (2 * ISS_SHA256_SIZE)
#define MAX_CHARACTERS 1024
#define MAX_TEXT_BYTES (512 * 1024 * 1024)
#define MAX_KEY_BITS (1024 * 1024)

/* The first and last second that GDateTime knows: the years 1 to 9999. */
#define MIN_INSTANT G_GINT64_CONSTANT (-62135596800)
#define MAX_INSTANT G_GINT64_CONSTANT (253402300799)

/* The texts of a row, in the order in which they cross the wire. */
enum
{
  TEXT_ISSUED_TO,
  TEXT_ISSUED_BY,
  TEXT_FRIENDLY_NAME,
  TEXT_PURPOSES,
  TEXT_KEY_ALGORITHM,
  TEXT_ASSIGNED_TO,
  TEXT_ORIGIN,
  N_TEXTS
};

/* Where the members of ISS_ROW_VARIANT_TYPE stand, for both directions:
 *
 *   ay sha256, ay sha1,
 *   s issued_to, s issued_by, s friendly_name, s purposes, s key_algorithm, s assigned_to,
 *   s origin,
 *   x not_before, x not_after,
 *   u key_bits, u key_state,
 *   b exportable, b is_ca,
 *   u intent
 */
enum
{
  MEMBER_SHA256,
  MEMBER_SHA1,
  MEMBER_TEXTS,
  MEMBER_NOT_BEFORE = MEMBER_TEXTS + N_TEXTS,
  MEMBER_NOT_AFTER,
  MEMBER_KEY_BITS,
  MEMBER_KEY_STATE,
  MEMBER_EXPORTABLE,
  MEMBER_IS_CA,
  MEMBER_INTENT,
  N_MEMBERS
};

/* A row as it is kept: 104 bytes, its texts by where they begin in the arena. */
typedef struct
{
  gint64   not_before;
  gint64   not_after;
  guint32  texts[N_TEXTS];
  guint32  key_bits;
  guint8   sha256[ISS_SHA256_SIZE];
  guint8   sha1[ISS_SHA1_SIZE];
  guint8   key_state;
  guint8   intent;
  guint8   exportable;
  guint8   is_ca;
} Record;

/**
 * IssRowTable:
 *
 * The rows of one store, packed.
 *
 * All texts stand in one arena, and those that many rows share (issuers, purposes,
 * algorithms) stand there once: a table of 10,000 rows is two blocks of
 * memory, not 70,000 strings. It is filled before it is handed out and never
 * changes after that, so threads may share it.
 */
struct _IssRowTable
{
  GObject       parent_instance;

  IssStoreName  store;
  guint         n_foreign;

  /* Owned */
  GArray       *records;   /* (element-type Record) */
  GByteArray   *arena;     /* NUL-terminated texts; the first is "" */
  GHashTable   *shared;    /* (owned) text → where it begins */
};

G_DEFINE_FINAL_TYPE (IssRowTable, iss_row_table, G_TYPE_OBJECT)

static void
iss_row_table_finalize (GObject *object)
{
  IssRowTable *self = ISS_ROW_TABLE (object);

  g_clear_pointer (&self->records, g_array_unref);
  g_clear_pointer (&self->arena, g_byte_array_unref);
  g_clear_pointer (&self->shared, g_hash_table_unref);

  G_OBJECT_CLASS (iss_row_table_parent_class)->finalize (object);
}

static void
iss_row_table_class_init (IssRowTableClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_row_table_finalize;
}

static void
iss_row_table_init (IssRowTable *self)
{
  self->records = g_array_new (FALSE, FALSE, sizeof (Record));
  self->arena = g_byte_array_new ();
  self->shared = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_byte_array_append (self->arena, (const guint8 *) "", 1);
}

static guint32
add_clean_text (IssRowTable *self,
                const char  *text)
{
  guint32 offset = self->arena->len;

  if (text[0] == '\0')
    return 0;

  g_byte_array_append (self->arena, (const guint8 *) text, (guint) strlen (text) + 1);

  return offset;
}

/* Whatever a text comes from, it is short and clean from here on. */
static guint32
add_text (IssRowTable *self,
          const char  *text)
{
  g_autofree char *clean = NULL;

  if (text == NULL || iss_text_is_clean (text, MAX_CHARACTERS))
    return text == NULL ? 0 : add_clean_text (self, text);

  clean = iss_text_sanitise (text, -1, MAX_CHARACTERS);
  return add_clean_text (self, clean);
}

static guint32
add_shared_text (IssRowTable *self,
                 const char  *text)
{
  gpointer offset = NULL;

  if (text == NULL || text[0] == '\0')
    return 0;

  if (!g_hash_table_lookup_extended (self->shared, text, NULL, &offset))
    {
      offset = GUINT_TO_POINTER (add_text (self, text));
      g_hash_table_insert (self->shared, g_strdup (text), offset);
    }

  return GPOINTER_TO_UINT (offset);
}

/* A list that is too long for a row ends with its last whole member. */
static guint32
add_list (IssRowTable *self,
          const char  *list)
{
  g_autofree char *cut = NULL;
  char *comma;

  if (list == NULL || strlen (list) <= MAX_CHARACTERS)
    return add_shared_text (self, list);

  cut = g_strndup (list, MAX_CHARACTERS);
  comma = strrchr (cut, ',');
  if (comma != NULL)
    *comma = '\0';

  return add_shared_text (self, cut);
}

static void
add_row (IssRowTable  *self,
         const IssRow *row)
{
  Record record =
    {
      .not_before = CLAMP (row->not_before, MIN_INSTANT, MAX_INSTANT),
      .not_after = CLAMP (row->not_after, MIN_INSTANT, MAX_INSTANT),
      .key_bits = MIN (row->key_bits, MAX_KEY_BITS),
      .key_state = (guint8) row->key_state,
      .intent = (guint8) row->intent,
      .exportable = row->exportable != FALSE,
      .is_ca = row->is_ca != FALSE,
    };

  record.texts[TEXT_ISSUED_TO] = add_text (self, row->issued_to);
  record.texts[TEXT_ISSUED_BY] = add_shared_text (self, row->issued_by);
  record.texts[TEXT_FRIENDLY_NAME] = add_text (self, row->friendly_name);
  record.texts[TEXT_PURPOSES] = add_list (self, row->purposes);
  record.texts[TEXT_KEY_ALGORITHM] = add_shared_text (self, row->key_algorithm);
  record.texts[TEXT_ASSIGNED_TO] = add_list (self, row->assigned_to);
  record.texts[TEXT_ORIGIN] = add_shared_text (self, row->origin);

  memcpy (record.sha256, row->sha256, sizeof record.sha256);
  memcpy (record.sha1, row->sha1, sizeof record.sha1);

  g_array_append_val (self->records, record);
}

/* What is being read beside the certificates. */
typedef struct
{
  IssRowTable    *self;         /* borrowed */
  IssRootFolder  *root;         /* borrowed */
  GHashTable     *assigned;     /* (nullable), borrowed */
  GHashTable     *keys;         /* SPKI hex → IssKeyState */
  GHashTable     *properties;   /* set of SHA-256 hex: those that have some */
} Reading;

static void
read_key (Reading                      *reading,
          const IssCertificateSummary  *summary,
          IssRow                       *row)
{
  g_autofree char *hex = NULL;
  g_autoptr(GBytes) spki_sha256 = NULL;

  if (g_hash_table_size (reading->keys) == 0)
    return;

  hex = iss_text_hex (summary->spki_sha256, sizeof summary->spki_sha256, FALSE);
  row->key_state = (IssKeyState) GPOINTER_TO_INT (g_hash_table_lookup (reading->keys, hex));

  if (row->key_state != ISS_KEY_STATE_FILE)
    return;

  spki_sha256 = g_bytes_new (summary->spki_sha256, sizeof summary->spki_sha256);
  row->exportable = iss_key_file_is_exportable (reading->root, spki_sha256);
}

static gboolean
read_certificate_cb (const IssCertificateSummary  *summary,
                     GBytes                       *der,
                     gpointer                      user_data)
{
  Reading *reading = user_data;
  g_autofree char *hex = iss_text_hex (summary->sha256, sizeof summary->sha256, FALSE);
  g_auto(IssProperties) properties = { NULL };
  IssRow row =
    {
      .issued_to = summary->issued_to,
      .issued_by = summary->issued_by,
      .purposes = summary->purposes,
      .key_algorithm = summary->key_algorithm,
      .not_before = summary->not_before,
      .not_after = summary->not_after,
      .key_bits = summary->key_bits,
      .is_ca = summary->is_ca,
    };

  memcpy (row.sha256, summary->sha256, sizeof row.sha256);
  memcpy (row.sha1, summary->sha1, sizeof row.sha1);

  read_key (reading, summary, &row);

  /* Damaged properties must not hide a certificate. */
  if (g_hash_table_contains (reading->properties, hex))
    iss_properties_load (&properties, reading->root, hex, NULL);

  row.friendly_name = properties.friendly_name;
  row.origin = properties.origin;
  row.intent = properties.intent;

  if (reading->assigned != NULL)
    row.assigned_to = g_hash_table_lookup (reading->assigned, hex);

  add_row (reading->self, &row);

  return TRUE;
}

/* One look at the folder, so that nothing is opened that is not there. */
static GHashTable *
list_properties (IssRootFolder  *root,
                 GError        **error)
{
  GHashTable *names;
  struct dirent *entry;
  DIR *stream;
  int folder = iss_root_folder_open_folder (root, "properties", error);

  if (folder < 0)
    return NULL;

  stream = fdopendir (folder);
  if (stream == NULL)
    {
      iss_error_set_from_errno (error, errno, _("The folder %s cannot be read"), "properties");
      close (folder);
      return NULL;
    }

  names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  while ((entry = readdir (stream)) != NULL)
    {
      if (strlen (entry->d_name) == HEX_SIZE + strlen (".conf") &&
          g_str_has_suffix (entry->d_name, ".conf"))
        g_hash_table_add (names, g_strndup (entry->d_name, HEX_SIZE));
    }

  closedir (stream);
  return names;
}

static int
compare_records (gconstpointer a,
                 gconstpointer b)
{
  const Record *left = a;
  const Record *right = b;

  return memcmp (left->sha256, right->sha256, sizeof left->sha256);
}

static const char *
get_text (IssRowTable   *self,
          const Record  *record,
          guint          text)
{
  return (const char *) self->arena->data + record->texts[text];
}

/**
 * iss_row_table_read:
 * @root: a root folder
 * @store: a store
 * @assigned: (nullable) (element-type utf8 utf8): what each certificate (SHA-256 in lower-case hex)
 *   is assigned to, as of iss_assignments_dup_by_certificate()
 * @error: return location for an error
 *
 * Reads the rows of a store from the disk, in the order of their SHA-256. No certificate
 * is decoded: 10,000 take less than a quarter of a second.
 *
 * Returns: (transfer full): the rows, or %NULL
 */
IssRowTable *
iss_row_table_read (IssRootFolder  *root,
                    IssStoreName    store,
                    GHashTable     *assigned,
                    GError        **error)
{
  g_autoptr(IssRowTable) self = NULL;
  g_autoptr(GHashTable) keys = NULL;
  g_autoptr(GHashTable) properties = NULL;
  Reading reading;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail ((guint) store < ISS_N_STORES, NULL);

  keys = iss_key_file_list (root, error);
  if (keys == NULL)
    return NULL;

  properties = list_properties (root, error);
  if (properties == NULL)
    return NULL;

  self = iss_row_table_new_empty (store);
  reading = (Reading) { self, root, assigned, keys, properties };

  if (!iss_certificate_store_foreach_summary (root, store, read_certificate_cb, &reading,
                                              &self->n_foreign, error))
    return NULL;

  g_array_sort (self->records, compare_records);
  g_hash_table_remove_all (self->shared);

  return g_steal_pointer (&self);
}

/**
 * iss_row_table_new_empty:
 * @store: a store
 *
 * Returns: (transfer full): a table without rows, for iss_row_table_append_page()
 */
IssRowTable *
iss_row_table_new_empty (IssStoreName store)
{
  IssRowTable *self;

  g_return_val_if_fail ((guint) store < ISS_N_STORES, NULL);

  self = g_object_new (ISS_TYPE_ROW_TABLE, NULL);
  self->store = store;

  return self;
}

/**
 * iss_row_table_get_store:
 * @self: a table
 *
 * Returns: whose rows these are
 */
IssStoreName
iss_row_table_get_store (IssRowTable *self)
{
  g_return_val_if_fail (ISS_IS_ROW_TABLE (self), ISS_STORE_MY);

  return self->store;
}

/**
 * iss_row_table_get_n_rows:
 * @self: a table
 *
 * Returns: how many rows there are
 */
guint
iss_row_table_get_n_rows (IssRowTable *self)
{
  g_return_val_if_fail (ISS_IS_ROW_TABLE (self), 0);

  return self->records->len;
}

/**
 * iss_row_table_get_n_foreign:
 * @self: a table
 *
 * Returns: how many files in the store's folder are not certificates by the name of their
 *   SHA-256; 0 for a table that was not read from a disk, unless
 *   iss_row_table_set_n_foreign() said otherwise
 */
guint
iss_row_table_get_n_foreign (IssRowTable *self)
{
  g_return_val_if_fail (ISS_IS_ROW_TABLE (self), 0);

  return self->n_foreign;
}

/**
 * iss_row_table_set_n_foreign:
 * @self: a table that has not been handed out
 * @n_foreign: what the server said
 */
void
iss_row_table_set_n_foreign (IssRowTable *self,
                             guint        n_foreign)
{
  g_return_if_fail (ISS_IS_ROW_TABLE (self));

  self->n_foreign = n_foreign;
}

/**
 * iss_row_table_get_row:
 * @self: a table
 * @index: which row
 * @out_row: (out caller-allocates): the row; its texts are clean, at most 1,024 characters, never
 *   %NULL, and live as long as @self
 */
void
iss_row_table_get_row (IssRowTable *self,
                       guint        index,
                       IssRow      *out_row)
{
  const Record *record;

  g_return_if_fail (ISS_IS_ROW_TABLE (self));
  g_return_if_fail (index < self->records->len);
  g_return_if_fail (out_row != NULL);

  record = &g_array_index (self->records, Record, index);

  *out_row = (IssRow)
    {
      .issued_to = get_text (self, record, TEXT_ISSUED_TO),
      .issued_by = get_text (self, record, TEXT_ISSUED_BY),
      .friendly_name = get_text (self, record, TEXT_FRIENDLY_NAME),
      .purposes = get_text (self, record, TEXT_PURPOSES),
      .key_algorithm = get_text (self, record, TEXT_KEY_ALGORITHM),
      .assigned_to = get_text (self, record, TEXT_ASSIGNED_TO),
      .origin = get_text (self, record, TEXT_ORIGIN),
      .not_before = record->not_before,
      .not_after = record->not_after,
      .key_bits = record->key_bits,
      .key_state = (IssKeyState) record->key_state,
      .exportable = record->exportable,
      .is_ca = record->is_ca,
      .intent = (IssIntent) record->intent,
    };

  memcpy (out_row->sha256, record->sha256, sizeof out_row->sha256);
  memcpy (out_row->sha1, record->sha1, sizeof out_row->sha1);
}

static GVariant *
dup_bytes (const guint8 *bytes,
           gsize         size)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, size, 1);
}

static GVariant *
dup_record (IssRowTable   *self,
            const Record  *record)
{
  GVariant *members[N_MEMBERS];

  members[MEMBER_SHA256] = dup_bytes (record->sha256, sizeof record->sha256);
  members[MEMBER_SHA1] = dup_bytes (record->sha1, sizeof record->sha1);

  for (guint i = 0; i < N_TEXTS; i++)
    members[MEMBER_TEXTS + i] = g_variant_new_string (get_text (self, record, i));

  members[MEMBER_NOT_BEFORE] = g_variant_new_int64 (record->not_before);
  members[MEMBER_NOT_AFTER] = g_variant_new_int64 (record->not_after);
  members[MEMBER_KEY_BITS] = g_variant_new_uint32 (record->key_bits);
  members[MEMBER_KEY_STATE] = g_variant_new_uint32 (record->key_state);
  members[MEMBER_EXPORTABLE] = g_variant_new_boolean (record->exportable);
  members[MEMBER_IS_CA] = g_variant_new_boolean (record->is_ca);
  members[MEMBER_INTENT] = g_variant_new_uint32 (record->intent);

  return g_variant_new_tuple (members, N_MEMBERS);
}

/**
 * iss_row_table_dup_page:
 * @self: a table
 * @offset: the first row; past the end gives an empty page
 * @limit: how many at most; never more than %ISS_ROW_PAGE_MAX
 *
 * Returns: (transfer floating): an array of %ISS_ROW_VARIANT_TYPE
 */
GVariant *
iss_row_table_dup_page (IssRowTable *self,
                        guint        offset,
                        guint        limit)
{
  GVariantBuilder builder;
  guint n;

  g_return_val_if_fail (ISS_IS_ROW_TABLE (self), NULL);

  offset = MIN (offset, self->records->len);
  n = MIN (MIN (limit, ISS_ROW_PAGE_MAX), self->records->len - offset);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a" ISS_ROW_VARIANT_TYPE));

  for (guint i = offset; i < offset + n; i++)
    g_variant_builder_add_value (&builder, dup_record (self, &g_array_index (self->records,
                                                                             Record, i)));

  return g_variant_builder_end (&builder);
}

static gboolean
parse_bytes (GVariant  *row,
             guint      member,
             guint8    *out_bytes,
             gsize      size)
{
  g_autoptr(GVariant) value = g_variant_get_child_value (row, member);
  gsize n;
  gconstpointer bytes = g_variant_get_fixed_array (value, &n, 1);

  if (n != size)
    return FALSE;

  memcpy (out_bytes, bytes, size);
  return TRUE;
}

/* The text lives in the page, which is in normal form and so serialised. */
static gboolean
parse_text (GVariant     *row,
            guint         text,
            const char  **out_text)
{
  g_autoptr(GVariant) value = g_variant_get_child_value (row, MEMBER_TEXTS + text);
  gsize size;

  *out_text = g_variant_get_string (value, &size);

  return size <= 4 * MAX_CHARACTERS && g_utf8_strlen (*out_text, -1) <= MAX_CHARACTERS;
}

static gboolean
parse_row (GVariant  *row,
           IssRow    *out_row,
           gsize     *out_text_size)
{
  const char *texts[N_TEXTS];
  guint32 key_state;
  guint32 intent;
  guint32 key_bits;

  if (!parse_bytes (row, MEMBER_SHA256, out_row->sha256, sizeof out_row->sha256) ||
      !parse_bytes (row, MEMBER_SHA1, out_row->sha1, sizeof out_row->sha1))
    return FALSE;

  *out_text_size = 0;
  for (guint i = 0; i < N_TEXTS; i++)
    {
      if (!parse_text (row, i, &texts[i]))
        return FALSE;

      /* Each byte may become a replacement character of three. */
      *out_text_size += 3 * strlen (texts[i]) + 1;
    }

  out_row->issued_to = texts[TEXT_ISSUED_TO];
  out_row->issued_by = texts[TEXT_ISSUED_BY];
  out_row->friendly_name = texts[TEXT_FRIENDLY_NAME];
  out_row->purposes = texts[TEXT_PURPOSES];
  out_row->key_algorithm = texts[TEXT_KEY_ALGORITHM];
  out_row->assigned_to = texts[TEXT_ASSIGNED_TO];
  out_row->origin = texts[TEXT_ORIGIN];

  g_variant_get_child (row, MEMBER_NOT_BEFORE, "x", &out_row->not_before);
  g_variant_get_child (row, MEMBER_NOT_AFTER, "x", &out_row->not_after);
  g_variant_get_child (row, MEMBER_KEY_BITS, "u", &key_bits);
  g_variant_get_child (row, MEMBER_KEY_STATE, "u", &key_state);
  g_variant_get_child (row, MEMBER_EXPORTABLE, "b", &out_row->exportable);
  g_variant_get_child (row, MEMBER_IS_CA, "b", &out_row->is_ca);
  g_variant_get_child (row, MEMBER_INTENT, "u", &intent);

  if (out_row->not_before < MIN_INSTANT || out_row->not_before > MAX_INSTANT ||
      out_row->not_after < MIN_INSTANT || out_row->not_after > MAX_INSTANT ||
      key_bits > MAX_KEY_BITS || key_state > ISS_KEY_STATE_TOKEN || intent > ISS_INTENT_SERVER)
    return FALSE;

  out_row->key_bits = key_bits;
  out_row->key_state = (IssKeyState) key_state;
  out_row->intent = (IssIntent) intent;

  return TRUE;
}

static gboolean
check_page (IssRowTable  *self,
            GVariant     *page,
            GError      **error)
{
  gsize text_size = self->arena->len;
  gsize n;

  if (!g_variant_is_of_type (page, G_VARIANT_TYPE ("a" ISS_ROW_VARIANT_TYPE)) ||
      !g_variant_is_normal_form (page))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("The server has sent a list that cannot be understood"));
      return FALSE;
    }

  n = g_variant_n_children (page);
  if (n > ISS_ROW_PAGE_MAX || n > ISS_CERTIFICATE_STORE_MAX - self->records->len)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                           _("The server has sent more certificates than a list may have"));
      return FALSE;
    }

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (page, i);
      IssRow parsed;
      gsize row_text_size;

      if (!parse_row (row, &parsed, &row_text_size))
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                       _("The server has sent a list whose row %" G_GSIZE_FORMAT
                         " cannot be understood"), self->records->len + i + 1);
          return FALSE;
        }

      text_size += row_text_size;
    }

  if (text_size > MAX_TEXT_BYTES)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                           _("The server has sent more text than a list may have"));
      return FALSE;
    }

  return TRUE;
}

/**
 * iss_row_table_append_page:
 * @self: a table that has not been handed out
 * @page: what a server sent as an array of %ISS_ROW_VARIANT_TYPE
 * @error: return location for an error: %ISS_ERROR_MALFORMED, %ISS_ERROR_TOO_LARGE
 *
 * Takes a page from another process: hostile until it has been checked. Sizes, ranges and
 * counts are refused; texts are made clean. On failure @self is as it was.
 *
 * Returns: whether all rows of @page have been added
 */
gboolean
iss_row_table_append_page (IssRowTable  *self,
                           GVariant     *page,
                           GError      **error)
{
  g_autoptr(GVariant) serialised = NULL;
  gsize n;

  g_return_val_if_fail (ISS_IS_ROW_TABLE (self), FALSE);
  g_return_val_if_fail (page != NULL, FALSE);

  g_variant_ref_sink (page);
  serialised = page;

  /* Serialised, so that what is borrowed from its children lives as long as it does. */
  g_variant_get_data (serialised);

  if (!check_page (self, serialised, error))
    return FALSE;

  n = g_variant_n_children (serialised);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (serialised, i);
      gsize text_size;
      IssRow parsed;

      if (parse_row (row, &parsed, &text_size))
        add_row (self, &parsed);
    }

  return TRUE;
}
