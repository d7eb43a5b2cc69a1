/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-wire.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"

#define MAX_PASSWORD 4096
#define MAX_FINDINGS 64
#define MAX_CODE 64

/**
 * iss_agent_wire_dup_text:
 * @dictionary: an a{sv} from outside
 * @name: a member
 * @max_characters: the most it may have
 *
 * Returns: (transfer full): the text, cut and without characters that cannot be seen; ""
 *   when it is not there or no string
 */
char *
iss_agent_wire_dup_text (GVariant   *dictionary,
                         const char *name,
                         gsize       max_characters)
{
  const char *text = NULL;

  g_return_val_if_fail (dictionary != NULL, NULL);

  if (!g_variant_lookup (dictionary, name, "&s", &text))
    return g_strdup ("");

  return iss_text_sanitise (text, -1, max_characters);
}

/**
 * iss_agent_wire_dup_typed:
 * @text: what somebody has typed, valid UTF-8
 * @what: what it is, for people
 * @max_characters: the most it may have
 * @error: return location for %ISS_ERROR_TOO_LARGE, or %ISS_ERROR_INVALID_ARGUMENT when something
 *   in it cannot be seen
 *
 * Said, rather than cut or replaced: whoever typed it shall know.
 *
 * Returns: (transfer full) (nullable): the text as it is
 */
char *
iss_agent_wire_dup_typed (const char  *text,
                          const char  *what,
                          glong        max_characters,
                          GError     **error)
{
  g_return_val_if_fail (text != NULL && what != NULL, NULL);

  if (g_utf8_strlen (text, -1) > max_characters)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The %s is longer than %ld characters"), what, max_characters);
      return NULL;
    }

  if (!iss_text_is_clean (text, (gsize) max_characters))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   /* Translators: "friendly name" or "description" */
                   _("The %s has a character in it that cannot be seen, such as a line break or "
                     "one that turns the direction of the text: type it without"), what);
      return NULL;
    }

  return g_strdup (text);
}

/**
 * iss_agent_wire_get_boolean:
 * @dictionary: an a{sv} from outside
 * @name: a member
 *
 * Returns: whether it is there and true
 */
gboolean
iss_agent_wire_get_boolean (GVariant   *dictionary,
                            const char *name)
{
  gboolean value = FALSE;

  g_return_val_if_fail (dictionary != NULL, FALSE);

  g_variant_lookup (dictionary, name, "b", &value);
  return value;
}

/**
 * iss_agent_wire_dup_bytes:
 * @bytes: an ay
 *
 * Returns: (transfer full): its bytes
 */
GBytes *
iss_agent_wire_dup_bytes (GVariant *bytes)
{
  g_return_val_if_fail (g_variant_is_of_type (bytes, G_VARIANT_TYPE_BYTESTRING), NULL);

  return g_variant_get_data_as_bytes (bytes);
}

/**
 * iss_agent_wire_new_bytes:
 * @bytes: bytes
 *
 * Returns: (transfer floating): an ay that shares them
 */
GVariant *
iss_agent_wire_new_bytes (GBytes *bytes)
{
  g_return_val_if_fail (bytes != NULL, NULL);

  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
}

/* GVariant's serialised form: in a tuple every member of varying size but the last has the
 * offset of its end at the tuple's end, in as few bytes as the whole needs. */
static gsize
offset_size_for (gsize size_without)
{
  if (size_without + 1 <= G_MAXUINT8)
    return 1;
  if (size_without + 2 <= G_MAXUINT16)
    return 2;
  return 4;
}

static gsize
offset_size_in (gsize size)
{
  if (size <= G_MAXUINT8)
    return 1;
  if (size <= G_MAXUINT16)
    return 2;
  return 4;
}

/**
 * iss_agent_wire_pack_import:
 * @file: a file with certificates
 * @password: (nullable): its password; %NULL is not the same as an empty one
 *
 * Writes (ay file, b has_password, ay password) as GVariant serialises it, but in locked
 * memory from the first byte on.
 *
 * Returns: (transfer full): what is to be sealed
 */
IssSecret *
iss_agent_wire_pack_import (GBytes    *file,
                            IssSecret *password)
{
  IssSecret *packed;
  gsize file_size, password_size = 0, offset_size;
  gconstpointer file_data;
  gconstpointer password_data = NULL;
  gpointer data;
  guint8 *at;

  g_return_val_if_fail (file != NULL, NULL);

  file_data = g_bytes_get_data (file, &file_size);
  g_return_val_if_fail (file_size < G_MAXUINT32 / 2, NULL);
  if (password != NULL)
    password_data = iss_secret_get_data (password, &password_size);

  offset_size = offset_size_for (file_size + 1 + password_size);
  packed = iss_secret_new_sized (file_size + 1 + password_size + offset_size, &data);

  at = data;
  if (file_size > 0)
    memcpy (at, file_data, file_size);
  at += file_size;
  *at++ = password != NULL ? 1 : 0;
  if (password_size > 0)
    memcpy (at, password_data, password_size);
  at += password_size;
  for (gsize i = 0; i < offset_size; i++)
    at[i] = (guint8) (file_size >> (8 * i));

  return packed;
}

static gboolean
set_malformed (GError **error)
{
  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                       _("The sealed file is not what the protocol says"));
  return FALSE;
}

/**
 * iss_agent_wire_unpack_import:
 * @clear: what was sealed
 * @out_file: (out): the file; it keeps @clear
 * @out_password: (out) (nullable): the password
 * @error: return location for an error
 *
 * The way back. The file is not copied.
 *
 * Returns: whether @clear is what it should be
 */
gboolean
iss_agent_wire_unpack_import (IssSecret  *clear,
                              GBytes    **out_file,
                              IssSecret **out_password,
                              GError    **error)
{
  gsize size, offset_size, file_size = 0, password_size;
  const guint8 *data;
  gboolean has_password;

  g_return_val_if_fail (clear != NULL, FALSE);

  data = iss_secret_get_data (clear, &size);
  offset_size = offset_size_in (size);

  if (size >= offset_size + 1)
    {
      for (gsize i = 0; i < offset_size; i++)
        file_size |= (gsize) data[size - offset_size + i] << (8 * i);
    }

  if (size < offset_size + 1 || file_size > size - offset_size - 1 || data[file_size] > 1)
    return set_malformed (error);

  has_password = data[file_size] == 1;
  password_size = size - offset_size - file_size - 1;

  if (!has_password && password_size != 0)
    return set_malformed (error);
  if (password_size > MAX_PASSWORD)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The password is longer than %d bytes"), MAX_PASSWORD);
      return FALSE;
    }

  *out_file = g_bytes_new_with_free_func (data, file_size, (GDestroyNotify) iss_secret_unref,
                                          iss_secret_ref (clear));
  *out_password = has_password ? iss_secret_new (data + file_size + 1, password_size) : NULL;
  return TRUE;
}

/**
 * iss_agent_wire_new_hashes:
 * @sha256: (element-type GBytes): hashes of certificates
 *
 * Returns: (transfer floating): an aay
 */
GVariant *
iss_agent_wire_new_hashes (GPtrArray *sha256)
{
  GVariantBuilder builder;

  g_return_val_if_fail (sha256 != NULL, NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aay"));
  for (guint i = 0; i < sha256->len; i++)
    g_variant_builder_add_value (&builder, iss_agent_wire_new_bytes (sha256->pdata[i]));

  return g_variant_builder_end (&builder);
}

/**
 * iss_agent_wire_read_hashes:
 * @hashes: an aay from outside
 * @max: the most it may have
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type GBytes): the hashes, 32 bytes each
 */
GPtrArray *
iss_agent_wire_read_hashes (GVariant  *hashes,
                            guint      max,
                            GError   **error)
{
  g_autoptr(GPtrArray) read = NULL;
  gsize n;

  g_return_val_if_fail (g_variant_is_of_type (hashes, G_VARIANT_TYPE ("aay")), NULL);

  n = g_variant_n_children (hashes);
  if (n > max)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("At most %u certificates can be asked about at once"), max);
      return NULL;
    }

  read = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (hashes, i);

      if (g_variant_get_size (child) != ISS_SHA256_SIZE)
        {
          g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                               _("A certificate is named by the 32 bytes of its SHA-256"));
          return NULL;
        }
      g_ptr_array_add (read, iss_agent_wire_dup_bytes (child));
    }

  return g_steal_pointer (&read);
}

/**
 * iss_agent_wire_new_findings:
 * @findings: (element-type IssFinding): findings
 *
 * Returns: (transfer floating): an a(uss)
 */
GVariant *
iss_agent_wire_new_findings (GPtrArray *findings)
{
  GVariantBuilder builder;

  g_return_val_if_fail (findings != NULL, NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(uss)"));
  for (guint i = 0; i < findings->len; i++)
    {
      const IssFinding *finding = findings->pdata[i];

      g_variant_builder_add (&builder, "(uss)", (guint32) finding->severity,
                             finding->code, finding->text);
    }

  return g_variant_builder_end (&builder);
}

/**
 * iss_agent_wire_read_findings:
 * @findings: an a(uss) from outside
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type IssFinding): the findings
 */
GPtrArray *
iss_agent_wire_read_findings (GVariant  *findings,
                              GError   **error)
{
  g_autoptr(GPtrArray) read = NULL;
  GVariantIter iter;
  guint32 severity;
  const char *code, *text;

  g_return_val_if_fail (g_variant_is_of_type (findings, G_VARIANT_TYPE ("a(uss)")), NULL);

  if (g_variant_iter_init (&iter, findings) > MAX_FINDINGS)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The server has more than %d things to say about one certificate"),
                   MAX_FINDINGS);
      return NULL;
    }

  read = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_finding_free);
  while (g_variant_iter_next (&iter, "(u&s&s)", &severity, &code, &text))
    {
      g_autofree char *clean_code = iss_text_sanitise (code, -1, MAX_CODE);
      g_autofree char *clean_text = iss_text_sanitise (text, -1, ISS_AGENT_WIRE_MAX_TEXT);

      if (severity < ISS_FINDING_ERROR || severity > ISS_FINDING_NOTE)
        {
          g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                               _("The server's judgement has a severity that does not exist"));
          return NULL;
        }
      g_ptr_array_add (read, iss_finding_new ((IssFindingSeverity) severity,
                                              clean_code, clean_text));
    }

  return g_steal_pointer (&read);
}

static GVariant *
new_fixed (const guint8 *data,
           gsize         size)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, size, 1);
}

/**
 * iss_agent_wire_new_items:
 * @items: (element-type IssImportItem): what an import did
 *
 * Returns: (transfer floating): an aa{sv}
 */
GVariant *
iss_agent_wire_new_items (GPtrArray *items)
{
  GVariantBuilder builder;

  g_return_val_if_fail (items != NULL, NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < items->len; i++)
    {
      const IssImportItem *item = items->pdata[i];
      GVariantDict dict;

      g_variant_dict_init (&dict, NULL);
      g_variant_dict_insert_value (&dict, "sha256", new_fixed (item->sha256, ISS_SHA256_SIZE));
      g_variant_dict_insert_value (&dict, "sha1", new_fixed (item->sha1, ISS_SHA1_SIZE));
      g_variant_dict_insert (&dict, "issued-to", "s", item->issued_to);
      g_variant_dict_insert (&dict, "not-after", "x", item->not_after);
      g_variant_dict_insert (&dict, "store", "s", iss_store_name_get_nick (item->store));
      g_variant_dict_insert (&dict, "added", "b", item->added);
      g_variant_dict_insert (&dict, "has-key", "b", item->has_key);
      g_variant_dict_insert (&dict, "key-added", "b", item->key_added);
      g_variant_builder_add_value (&builder, g_variant_dict_end (&dict));
    }

  return g_variant_builder_end (&builder);
}

static gboolean
read_fixed (GVariant   *dictionary,
            const char *name,
            guint8     *out,
            gsize       size)
{
  g_autoptr(GVariant) value = g_variant_lookup_value (dictionary, name,
                                                      G_VARIANT_TYPE_BYTESTRING);

  if (value == NULL || g_variant_get_size (value) != size)
    return FALSE;

  memcpy (out, g_variant_get_data (value), size);
  return TRUE;
}

static IssImportItem *
read_item (GVariant  *dictionary,
           GError   **error)
{
  g_autofree IssImportItem *item = g_new0 (IssImportItem, 1);
  const char *store = "";

  g_variant_lookup (dictionary, "store", "&s", &store);
  if (!read_fixed (dictionary, "sha256", item->sha256, ISS_SHA256_SIZE) ||
      !read_fixed (dictionary, "sha1", item->sha1, ISS_SHA1_SIZE) ||
      !iss_store_name_parse (store, &item->store, NULL))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("The server's answer to the import cannot be understood"));
      return NULL;
    }

  item->issued_to = iss_agent_wire_dup_text (dictionary, "issued-to", ISS_AGENT_WIRE_MAX_TEXT);
  g_variant_lookup (dictionary, "not-after", "x", &item->not_after);
  item->added = iss_agent_wire_get_boolean (dictionary, "added");
  item->has_key = iss_agent_wire_get_boolean (dictionary, "has-key");
  item->key_added = iss_agent_wire_get_boolean (dictionary, "key-added");
  return g_steal_pointer (&item);
}

/**
 * iss_agent_wire_read_items:
 * @items: an aa{sv} from outside
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type IssImportItem): what the import did
 */
GPtrArray *
iss_agent_wire_read_items (GVariant  *items,
                           GError   **error)
{
  g_autoptr(GPtrArray) read = NULL;
  gsize n;

  g_return_val_if_fail (g_variant_is_of_type (items, G_VARIANT_TYPE ("aa{sv}")), NULL);

  n = g_variant_n_children (items);
  if (n > ISS_AGENT_WIRE_MAX_ITEMS)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                           _("The server says that it has imported more than there can be"));
      return NULL;
    }

  read = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_import_item_free);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (items, i);
      IssImportItem *item = read_item (child, error);

      if (item == NULL)
        return NULL;
      g_ptr_array_add (read, item);
    }

  return g_steal_pointer (&read);
}
