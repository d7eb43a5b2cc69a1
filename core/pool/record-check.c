/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/record-check.h"

#include <string.h>

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/formats/signed-data.h"
#include "core/replication/proof.h"
#include "core/store/audit-line.h"

#include <glib/gi18n-lib.h>

#define MAX_SHOWN 100       /* characters of a line */
#define SHOWN_BEFORE 40     /* bytes of it before what was changed */
#define MAX_NAMED 10        /* lines */
#define MAX_PROBLEMS 100

typedef struct
{
  IssRecordCheck *check;
  GKeyFile       *file;
  GHashTable     *certificates;   /* SHA-256 in hex -> IssCertificate */
} Reading;

G_GNUC_PRINTF (2, 3)
static void
add_problem (IssRecordCheck *self,
             const char     *format,
             ...)
{
  va_list arguments;

  if (self->problems->len == MAX_PROBLEMS)
    return;

  va_start (arguments, format);
  g_ptr_array_add (self->problems, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static GPtrArray *
split (GBytes *bytes)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  gsize start = 0;

  for (gsize i = 0; i < size; i++)
    {
      if (text[i] != '\n' && i + 1 < size)
        continue;

      g_ptr_array_add (lines, g_bytes_new_from_bytes (bytes, start, i + 1 - start));
      start = i + 1;
    }

  return lines;
}

/* What is around @at, which may be in a long line. */
static char *
dup_shown (GBytes *line,
           gsize   at)
{
  gsize size;
  const char *text = g_bytes_get_data (line, &size);
  gsize start = MIN (at, size) > SHOWN_BEFORE ? MIN (at, size) - SHOWN_BEFORE : 0;
  g_autofree char *shown = NULL;

  if (size > 0 && text[size - 1] == '\n')
    size--;
  start = MIN (start, size);

  /* Not in the middle of a character. */
  while (start > 0 && start < size && ((guint8) text[start] & 0xc0) == 0x80)
    start--;

  shown = iss_text_sanitise (text + start, (gssize) (size - start), MAX_SHOWN);

  return start > 0 ? g_strconcat ("…", shown, NULL) : g_steal_pointer (&shown);
}

static gsize
find_difference (GBytes *a,
                 GBytes *b)
{
  gsize a_size, b_size;
  const char *a_text = g_bytes_get_data (a, &a_size);
  const char *b_text = g_bytes_get_data (b, &b_size);
  gsize at = 0;

  while (at < MIN (a_size, b_size) && a_text[at] == b_text[at])
    at++;

  return at;
}

static void
name_line (IssRecordCheck *self,
           guint           number,
           GBytes         *signed_line,
           GBytes         *line)
{
  gsize at = find_difference (signed_line, line);
  g_autofree char *was = dup_shown (signed_line, at);
  g_autofree char *is = dup_shown (line, at);

  /* Translators: a number, what was signed, what is there now */
  add_problem (self, _("Line %u was changed: “%s” was signed, “%s” is there"), number, was, is);
}

/* Lines that came or went: what is the same before and behind is left out. */
static void
name_range (IssRecordCheck *self,
            GPtrArray      *signed_lines,
            GPtrArray      *lines)
{
  guint least = MIN (signed_lines->len, lines->len);
  guint before = 0;
  guint behind = 0;
  guint n_signed, n;
  g_autofree char *first = NULL;

  while (before < least && g_bytes_equal (signed_lines->pdata[before], lines->pdata[before]))
    before++;
  while (behind < least - before &&
         g_bytes_equal (signed_lines->pdata[signed_lines->len - 1 - behind],
                        lines->pdata[lines->len - 1 - behind]))
    behind++;

  n_signed = signed_lines->len - before - behind;
  n = lines->len - before - behind;
  first = dup_shown (n_signed > 0 ? signed_lines->pdata[before] : lines->pdata[before], 0);

  if (n_signed == 0)
    add_problem (self, ngettext ("From line %u on, %u line was added: “%s”",
                                 "From line %u on, %u lines were added, the first: “%s”", n),
                 before + 1, n, first);
  else
    add_problem (self, ngettext ("From line %u on, %u line was taken away or changed: “%s” was "
                                 "signed",
                                 "From line %u on, %u lines were taken away or changed, the first "
                                 "that was signed: “%s”", n_signed), before + 1, n_signed, first);
}

/* What was signed is in the file a second time, so it is known what each line was. */
static void
compare (IssRecordCheck *self,
         GBytes         *expected,
         GBytes         *file)
{
  g_autoptr(GPtrArray) signed_lines = NULL;
  g_autoptr(GPtrArray) lines = NULL;
  guint n_named = 0;
  guint n_changed = 0;

  if (g_bytes_equal (expected, file))
    return;

  signed_lines = split (expected);
  lines = split (file);
  if (signed_lines->len != lines->len)
    {
      name_range (self, signed_lines, lines);
      return;
    }

  for (guint i = 0; i < lines->len; i++)
    {
      if (g_bytes_equal (signed_lines->pdata[i], lines->pdata[i]))
        continue;

      n_changed++;
      if (n_named++ < MAX_NAMED)
        name_line (self, i + 1, signed_lines->pdata[i], lines->pdata[i]);
    }

  if (n_changed > MAX_NAMED)
    add_problem (self, ngettext ("%u line more was changed", "%u lines more were changed",
                                 n_changed - MAX_NAMED), n_changed - MAX_NAMED);
}

/* (nullable): the last place; there may be zeros before it. */
static const char *
find_last (const char *text,
           gsize       size,
           const char *what)
{
  const char *end = text + size;
  const char *found = NULL;
  const char *next = memmem (text, size, what, strlen (what));

  while (next != NULL)
    {
      found = next;
      next = memmem (found + 1, (gsize) (end - found - 1), what, strlen (what));
    }

  return found;
}

/* (nullable): what stands between the two lines of the signature, wherever they are and however it
 * is broken into lines: compare() is strict about that. */
static GBytes *
find_message (GBytes *file)
{
  gsize size;
  const char *text = g_bytes_get_data (file, &size);
  const char *begin = size > 0 ? find_last (text, size, ISS_ROLL_RECORD_BEGIN) : NULL;
  const char *end;
  g_autofree char *body = NULL;
  guchar *der;
  gsize der_size = 0;

  if (begin == NULL)
    return NULL;

  begin = memchr (begin, '\n', (gsize) (text + size - begin));
  if (begin == NULL)
    return NULL;

  end = memmem (begin, (gsize) (text + size - begin), "-----", strlen ("-----"));
  body = g_strndup (begin, (gsize) ((end != NULL ? end : text + size) - begin));
  if (*body == '\0')
    return NULL;

  der = g_base64_decode (body, &der_size);

  return g_bytes_new_take (der, der_size);
}

/* (nullable): the text, if it is signed by who says so, whoever that is. */
static GBytes *
verify (IssRecordCheck *self,
        GBytes         *message,
        GPtrArray      *signers)
{
  g_autoptr(GPtrArray) embedded = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  GBytes *content;

  self->signer = iss_signed_data_read_signer (message, ISS_ROLL_RECORD_MAX_SIZE, &error);
  if (self->signer == NULL)
    {
      /* Translators: %s is what is wrong */
      add_problem (self, _("The signature is damaged: %s"), error->message);
      return NULL;
    }

  for (guint i = 0; i < signers->len; i++)
    self->is_known = self->is_known ||
                     g_bytes_equal (iss_certificate_get_der (signers->pdata[i]),
                                    iss_certificate_get_der (self->signer));

  g_ptr_array_add (embedded, self->signer);
  content = iss_signed_data_verify (message, embedded, ISS_ROLL_RECORD_MAX_SIZE, NULL,
                                    &self->signed_at, &error);
  if (content == NULL)
    {
      self->is_known = FALSE;
      /* Translators: %s is what is wrong */
      add_problem (self, _("The signature is not right: %s"), error->message);
    }

  return content;
}

static char *
get_text (Reading    *reading,
          const char *group,
          const char *key)
{
  g_autofree char *text = g_key_file_get_string (reading->file, group, key, NULL);

  return text != NULL ? iss_text_sanitise (text, -1, 1024) : NULL;
}

static GBytes *
get_hex (Reading    *reading,
         const char *group,
         const char *key,
         gsize       least,
         gsize       most)
{
  g_autofree char *hex = g_key_file_get_string (reading->file, group, key, NULL);
  g_autoptr(GBytes) bytes = hex != NULL ? iss_text_parse_hex (hex) : NULL;

  if (bytes == NULL || g_bytes_get_size (bytes) < least || g_bytes_get_size (bytes) > most)
    return NULL;

  return g_steal_pointer (&bytes);
}

static gint64
get_time (Reading    *reading,
          const char *group,
          const char *key)
{
  g_autofree char *text = g_key_file_get_string (reading->file, group, key, NULL);
  gint64 at = 0;

  if (text == NULL || !iss_time_text_parse (text, &at, NULL))
    return 0;

  return at;
}

static void
read_certificate (Reading    *reading,
                  const char *group)
{
  const char *hex = group + strlen ("certificate ");
  g_autofree char *base64 = g_key_file_get_string (reading->file, group, "der", NULL);
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GBytes) der = NULL;
  guchar *data;
  gsize size = 0;

  /* One whose key proved nothing is only named. */
  if (base64 == NULL || *base64 == '\0')
    return;

  data = g_base64_decode (base64, &size);
  der = g_bytes_new_take (data, size);
  certificate = iss_certificate_new_from_der (der, NULL);
  if (certificate == NULL || strcmp (iss_certificate_get_sha256_hex (certificate), hex) != 0)
    {
      add_problem (reading->check, _("[%s] does not hold the certificate that it names"), group);
      return;
    }

  g_hash_table_replace (reading->certificates, g_strdup (hex), g_steal_pointer (&certificate));
}

/* The same server everywhere: what it proves here is about the slot that is named there. */
static gboolean
is_of_server (Reading    *reading,
              const char *group,
              const char *certificate)
{
  g_autofree char *server = g_key_file_get_string (reading->file, group, "server", NULL);
  g_autofree char *slot = g_key_file_get_string (reading->file, group, "slot", NULL);
  g_autofree char *server_group = g_strconcat ("server ", server, NULL);
  g_autofree char *its = NULL;

  if (server == NULL || slot == NULL)
    return FALSE;

  its = g_key_file_get_string (reading->file, server_group, slot, NULL);

  return g_strcmp0 (its, certificate) == 0;
}

/* Whether @group holds a proof that is one. */
static gboolean
verify_proof (Reading    *reading,
              const char *group,
              GError    **error)
{
  g_autofree char *hex = g_key_file_get_string (reading->file, group, "certificate", NULL);
  g_autofree char *type = g_key_file_get_string (reading->file, group, "type", NULL);
  g_autofree char *id = g_key_file_get_string (reading->file, group, "server-id", NULL);
  g_autoptr(GBytes) nonce = get_hex (reading, group, "nonce", ISS_PROOF_NONCE_SIZE,
                                     ISS_PROOF_NONCE_SIZE);
  g_autoptr(GBytes) own = get_hex (reading, group, "own", ISS_PROOF_NONCE_SIZE,
                                   ISS_PROOF_NONCE_SIZE);
  g_autoptr(GBytes) signature = get_hex (reading, group, "signature", 1, ISS_PROOF_MAX_SIGNATURE);
  IssCertificate *certificate = hex != NULL ? g_hash_table_lookup (reading->certificates, hex)
                                            : NULL;
  gint64 time = get_time (reading, group, "time");
  g_autoptr(IssProof) proof = NULL;

  if (certificate == NULL || type == NULL || id == NULL || nonce == NULL || own == NULL ||
      signature == NULL || !is_of_server (reading, group, hex))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           _("something that is needed to verify it is missing or contradicts the "
                             "rest"));
      return FALSE;
    }

  proof = iss_proof_new (certificate, own, time, signature);

  return iss_proof_verify (proof, id, type, iss_certificate_get_sha256 (certificate), nonce,
                           time, time, error);
}

static void
read_proof (Reading    *reading,
            const char *group)
{
  g_autofree char *server = get_text (reading, group, "server");
  g_autoptr(GError) error = NULL;

  /* That there was none is told, and nothing can be verified. */
  if (g_key_file_has_key (reading->file, group, "failure", NULL))
    return;

  if (verify_proof (reading, group, &error))
    reading->check->n_proofs++;
  else
    /* Translators: a group of the file, a server, what is wrong */
    add_problem (reading->check, _("[%s] does not prove that %s held the key: %s"), group,
                 server != NULL ? server : "?", error->message);
}

/* Each line names the one before it, and the server's head names the last one. */
static void
read_log (Reading    *reading,
          const char *group)
{
  const char *server = group + strlen ("log ");
  g_autofree char *server_group = g_strconcat ("server ", server, NULL);
  g_autofree char *head = g_key_file_get_string (reading->file, server_group, "log-head", NULL);
  guint64 faults = g_key_file_get_uint64 (reading->file, server_group, "log-faults", NULL);
  g_auto(GStrv) keys = g_key_file_get_keys (reading->file, group, NULL, NULL);
  char hash[ISS_AUDIT_HEX_SIZE + 1] = "";
  guint64 n_before = 0;

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      g_autofree char *text = g_key_file_get_string (reading->file, group, keys[i], NULL);
      IssAuditLine line = { text, text != NULL ? strlen (text) : 0 };
      IssAuditForm form;

      if (text == NULL || !iss_audit_line_parse (&line, &form))
        {
          add_problem (reading->check, _("[%s] entry %s is no entry of a log"), group, keys[i]);
          return;
        }

      /* Where the log was not as it was written, the record said so when it was made. */
      if (n_before != 0 && faults == 0 &&
          (form.n != n_before + 1 || strncmp (form.previous, hash, ISS_AUDIT_HEX_SIZE) != 0))
        {
          add_problem (reading->check, _("[%s] entry %s does not follow the one before it"), group,
                       keys[i]);
          return;
        }

      n_before = form.n;
      iss_audit_line_hash (&line, hash);
      reading->check->n_entries++;
    }

  if (g_strcmp0 (head, hash) != 0)
    add_problem (reading->check, _("[%s] does not end with the entry that the server named as "
                                   "its last"), group);
}

static void
read_each (Reading     *reading,
           const char  *prefix,
           void      (* read) (Reading    *reading,
                               const char *group))
{
  g_auto(GStrv) groups = g_key_file_get_groups (reading->file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      if (g_str_has_prefix (groups[i], prefix))
        read (reading, groups[i]);
    }
}

static void
count_server (Reading    *reading,
              const char *group)
{
  reading->check->n_servers++;
}

static void
read_content (IssRecordCheck *self,
              GBytes         *content)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GHashTable) certificates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                              g_object_unref);
  Reading reading = { self, file, certificates };
  g_autoptr(GError) error = NULL;
  g_autofree char *first = NULL;

  if (!g_key_file_load_from_bytes (file, content, G_KEY_FILE_NONE, &error))
    {
      add_problem (self, _("What was signed cannot be read: %s"), error->message);
      return;
    }

  first = g_key_file_get_start_group (file);
  if (g_strcmp0 (first, ISS_ROLL_RECORD_GROUP) != 0)
    {
      add_problem (self, _("What was signed is not a roll record but something else"));
      return;
    }

  if (g_key_file_get_integer (file, first, "format", NULL) != ISS_ROLL_RECORD_FORMAT)
    {
      add_problem (self, _("The roll record is of a newer format than this program knows (%d)"),
                   ISS_ROLL_RECORD_FORMAT);
      return;
    }

  self->pool = get_text (&reading, first, "pool");
  self->type = get_text (&reading, first, "type");
  self->by = get_text (&reading, first, "by");
  self->made = get_time (&reading, first, "made");
  self->headline = get_text (&reading, "change", "headline");
  if (self->pool == NULL || self->type == NULL || self->by == NULL || self->made == 0)
    add_problem (self, _("The roll record does not say what it is about, who made it, or when"));

  read_each (&reading, "server ", count_server);
  read_each (&reading, "certificate ", read_certificate);
  read_each (&reading, "proof ", read_proof);
  read_each (&reading, "log ", read_log);
}

/**
 * iss_record_check_free:
 * @self: (transfer full): what was found
 */
void
iss_record_check_free (IssRecordCheck *self)
{
  g_ptr_array_unref (self->problems);
  g_clear_object (&self->signer);
  g_free (self->pool);
  g_free (self->type);
  g_free (self->by);
  g_free (self->headline);
  g_free (self);
}

/**
 * iss_record_check_run:
 * @file: the file of a roll record, not trusted
 * @signers: (element-type IssCertificate): whose records are believed; may be empty
 *
 * Looks whether @file is as it was signed, names the lines that are not, and verifies again what
 * the servers proved. It needs nothing else: no topology, and no server.
 *
 * Returns: (transfer full): what was found
 */
IssRecordCheck *
iss_record_check_run (GBytes    *file,
                      GPtrArray *signers)
{
  IssRecordCheck *self;
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GBytes) content = NULL;
  g_autoptr(GBytes) expected = NULL;

  g_return_val_if_fail (file != NULL && signers != NULL, NULL);

  self = g_new0 (IssRecordCheck, 1);
  self->problems = g_ptr_array_new_with_free_func (g_free);

  if (g_bytes_get_size (file) > ISS_ROLL_RECORD_MAX_FILE)
    {
      add_problem (self, _("The file is larger than %d MiB: it is no roll record"),
                   ISS_ROLL_RECORD_MAX_FILE / (1024 * 1024));
      return self;
    }

  message = find_message (file);
  if (message == NULL)
    {
      add_problem (self, _("It is not signed: no line says “%s”"), ISS_ROLL_RECORD_BEGIN);
      return self;
    }

  content = verify (self, message, signers);
  if (content == NULL)
    return self;

  expected = iss_roll_record_join (content, message);
  compare (self, expected, file);
  read_content (self, content);

  return self;
}

/**
 * iss_record_check_is_good:
 * @self: what was found
 *
 * Returns: whether there is no problem, and one of those who are believed signed it
 */
gboolean
iss_record_check_is_good (IssRecordCheck *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->problems->len == 0 && self->is_known;
}
