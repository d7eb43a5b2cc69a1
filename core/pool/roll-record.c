/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/roll-record.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/formats/signed-data.h"

#define PEM_WIDTH 64

typedef struct
{
  IssRunSheet *sheet;         /* borrowed */
  GKeyFile    *file;
  guint        n_proofs;
} Writing;

static void
set_time (GKeyFile   *file,
          const char *group,
          const char *key,
          gint64      at)
{
  g_autofree char *iso = at != 0 ? iss_time_text_iso (at) : NULL;

  if (iso != NULL)
    g_key_file_set_string (file, group, key, iso);
}

/* What is not known is not there. */
static void
set_text (GKeyFile   *file,
          const char *group,
          const char *key,
          const char *value)
{
  if (value != NULL && *value != '\0')
    g_key_file_set_string (file, group, key, value);
}

static void
set_hex (GKeyFile      *file,
         const char    *group,
         const char    *key,
         gconstpointer  data,
         gsize          size)
{
  g_autofree char *hex = iss_text_hex (data, size, FALSE);

  g_key_file_set_string (file, group, key, hex);
}

static void
set_bytes (GKeyFile   *file,
           const char *group,
           const char *key,
           GBytes     *bytes)
{
  set_hex (file, group, key, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
write_change (Writing *writing)
{
  IssRunSheet *sheet = writing->sheet;
  const IssPoolRoll *roll = iss_run_sheet_get_roll (sheet);
  GKeyFile *file = writing->file;

  set_text (file, "change", "headline", iss_run_sheet_get_headline (sheet));
  set_time (file, "change", "instant", roll != NULL ? roll->instant : 0);
  set_text (file, "change", "slot", iss_slot_get_name (iss_run_sheet_get_slot (sheet)));
  set_text (file, "change", "state",
            iss_run_check_state_get_nick (iss_run_sheet_get_state (sheet)));
  set_text (file, "change", "verdict", iss_run_sheet_get_verdict (sheet));
  set_text (file, "change", "do", iss_run_sheet_get_action_text (sheet));
  set_text (file, "change", "line", iss_run_sheet_get_shell_line (sheet));
  set_text (file, "change", "presence",
            iss_presence_get_verdict (iss_run_sheet_get_presence (sheet)));
  set_text (file, "change", "way-back", iss_run_sheet_get_way_back (sheet));
}

static void
write_checks (Writing *writing)
{
  GPtrArray *checks = iss_run_sheet_get_checks (writing->sheet);

  for (guint i = 0; i < checks->len; i++)
    {
      const IssRunCheck *check = checks->pdata[i];
      g_autofree char *group = g_strdup_printf ("check %u", i + 1);

      set_text (writing->file, group, "check", check->name);
      set_text (writing->file, group, "server",
                check->server != NULL ? iss_server_get_name (check->server) : NULL);
      set_text (writing->file, group, "state", iss_run_check_state_get_nick (check->state));
      set_time (writing->file, group, "seen", check->seen_at);
      set_text (writing->file, group, "text", check->text);
      set_text (writing->file, group, "remedy", check->remedy);
    }
}

static void
write_certificate (Writing      *writing,
                   IssServer    *server,
                   const guint8 *sha256)
{
  IssObservation *seen = iss_server_get_observation (server);
  const IssObservedCertificate *certificate = iss_observation_find_certificate (seen, sha256);
  g_autofree char *hex = iss_text_hex (sha256, ISS_SHA256_SIZE, FALSE);
  g_autofree char *group = g_strconcat ("certificate ", hex, NULL);

  if (certificate == NULL || certificate->rung < ISS_RUNG_IN_STORE ||
      g_key_file_has_key (writing->file, group, "thumbprint", NULL))
    return;

  set_hex (writing->file, group, "thumbprint", certificate->sha1, ISS_SHA1_SIZE);
  set_text (writing->file, group, "issued-to", certificate->issued_to);
  set_text (writing->file, group, "issued-by", certificate->issued_by);
  set_time (writing->file, group, "not-before", certificate->not_before);
  set_time (writing->file, group, "not-after", certificate->not_after);
}

static void
write_slots (Writing   *writing,
             IssServer *server,
             const char *group)
{
  IssObservation *seen = iss_server_get_observation (server);
  const IssObservedType *type = seen != NULL
    ? iss_observation_find_type (seen, iss_run_sheet_get_type_of (writing->sheet)->name) : NULL;

  if (type == NULL)
    return;

  g_key_file_set_uint64 (writing->file, group, "revision", type->revision);
  g_key_file_set_uint64 (writing->file, group, "published", type->published);
  set_text (writing->file, group, "scope", type->scope);
  g_key_file_set_boolean (writing->file, group, "held", type->held);

  for (guint slot = 0; slot < ISS_N_SLOTS; slot++)
    {
      const IssObservedSlot *observed = &type->slots[slot];
      const char *name = iss_slot_get_name ((IssSlot) slot);
      g_autofree char *instant = g_strconcat (name, "-at", NULL);

      if (!observed->is_set)
        continue;

      set_hex (writing->file, group, name, observed->sha256, sizeof observed->sha256);
      set_time (writing->file, group, instant, observed->instant);
      write_certificate (writing, server, observed->sha256);
    }
}

/* What the log held when it was verified; what came since is left out. */
static void
write_log (Writing          *writing,
           const IssRunLook *look,
           const char       *server_group)
{
  g_autofree char *group = g_strconcat ("log ", iss_server_get_name (look->server), NULL);

  if (look->audit == NULL || look->audit->n_entries == 0)
    return;

  g_key_file_set_uint64 (writing->file, server_group, "log-entries", look->audit->last_n);
  set_text (writing->file, server_group, "log-head", look->audit->last_hash);
  g_key_file_set_uint64 (writing->file, server_group, "log-faults", look->audit->n_faults);

  for (guint i = look->entries != NULL ? look->entries->len : 0; i > 0; i--)
    {
      IssAuditEntry *entry = look->entries->pdata[i - 1];
      g_autofree char *key = g_strdup_printf ("%" G_GUINT64_FORMAT, iss_audit_entry_get_n (entry));

      if (iss_audit_entry_get_state (entry) == ISS_AUDIT_ENTRY_WHOLE &&
          iss_audit_entry_get_n (entry) <= look->audit->last_n)
        {
          GBytes *line = iss_audit_entry_get_line (entry);
          g_autofree char *text = g_strndup (g_bytes_get_data (line, NULL),
                                             g_bytes_get_size (line));

          g_key_file_set_string (writing->file, group, key, text);
        }
    }
}

/* Everything that somebody else needs to verify it again. */
static void
write_proof (Writing              *writing,
             IssServer            *server,
             const IssServerProof *proof)
{
  GKeyFile *file = writing->file;
  g_autofree char *group = g_strdup_printf ("proof %u", ++writing->n_proofs);
  g_autofree char *hex = iss_text_hex (g_bytes_get_data (proof->sha256, NULL),
                                       g_bytes_get_size (proof->sha256), FALSE);
  g_autofree char *certificate = g_strconcat ("certificate ", hex, NULL);
  g_autofree char *der = NULL;
  GBytes *bytes;

  set_text (file, group, "server", iss_server_get_name (server));
  set_text (file, group, "type", proof->type);
  set_text (file, group, "slot", iss_slot_get_name (proof->slot));
  set_text (file, group, "certificate", hex);
  set_text (file, group, "failure", proof->failure);
  if (proof->answer == NULL)
    return;

  set_text (file, group, "server-id", proof->server_id);
  set_bytes (file, group, "nonce", proof->nonce);
  set_bytes (file, group, "own", iss_proof_get_own (proof->answer));
  set_time (file, group, "time", iss_proof_get_time (proof->answer));
  set_bytes (file, group, "signature", iss_proof_get_signature (proof->answer));

  bytes = iss_certificate_get_der (iss_proof_get_certificate (proof->answer));
  der = g_base64_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  set_text (file, certificate, "der", der);
}

static void
write_rungs (Writing   *writing,
             IssServer *server,
             guint      row)
{
  const IssPresenceCell *cell = iss_run_sheet_get_cell (writing->sheet, row);
  g_autofree char *group = g_strconcat ("presence ", iss_server_get_name (server), NULL);

  if (cell == NULL)
    return;

  set_text (writing->file, group, "verdict", iss_verdict_get_nick (cell->verdict));
  for (guint i = ISS_RUNG_RECEIVED; i < ISS_N_RUNGS; i++)
    {
      g_auto(IssPresenceRung) rung = { ISS_RUNG_MARK_NONE, 0, NULL, NULL, NULL };
      g_autofree char *at = NULL;
      g_autofree char *value = NULL;

      iss_presence_rung_init (&rung, cell, (IssRung) i, iss_run_sheet_get_now (writing->sheet),
                              NULL);
      if (rung.mark == ISS_RUNG_MARK_NONE)
        continue;

      at = iss_time_text_iso (rung.at);
      value = g_strdup_printf ("%s %s %s", iss_presence_rung_get_nick (rung.mark), at,
                               rung.observer != NULL ? rung.observer : "");
      set_text (writing->file, group, iss_rung_get_name ((IssRung) i), g_strchomp (value));
    }
}

/* (nullable) */
static const IssRunLook *
find_look (Writing   *writing,
           IssServer *server)
{
  GPtrArray *looks = iss_run_sheet_get_looks (writing->sheet);

  for (guint i = 0; looks != NULL && i < looks->len; i++)
    {
      const IssRunLook *look = looks->pdata[i];

      if (look->server == server)
        return look;
    }

  return NULL;
}

static void
write_server (Writing   *writing,
              IssServer *server,
              guint      row)
{
  g_autofree char *group = g_strconcat ("server ", iss_server_get_name (server), NULL);
  const IssRunLook *look = find_look (writing, server);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_key_file_set_boolean (writing->file, group, "answers", iss_server_is_answering (server));
  set_time (writing->file, group, "seen", iss_server_get_seen_at (server));
  set_time (writing->file, group, "failing-since", iss_server_get_failing_since (server));
  set_text (writing->file, group, "agent", iss_server_get_agent_version (server));
  if (iss_server_is_answering (server))
    set_text (writing->file, group, "clock-offset",
              g_ascii_formatd (number, sizeof number, "%.3f",
                               iss_server_get_clock_offset (server)));
  write_slots (writing, server, group);
  if (look != NULL && look->tasks != NULL)
    set_time (writing->file, group, "scheduler-since", look->tasks->resident_since);

  write_rungs (writing, server, row);
  for (guint i = 0; look != NULL && look->proofs != NULL && i < look->proofs->len; i++)
    write_proof (writing, server, look->proofs->pdata[i]);
  if (look != NULL)
    write_log (writing, look, group);
}

/**
 * iss_roll_record_write:
 * @sheet: what was seen
 * @by: who saves it, such as "alice@laptop"
 * @program: with what, such as "issuant 0.1"
 *
 * Returns: (transfer full): the text of the record, to be signed
 */
char *
iss_roll_record_write (IssRunSheet *sheet,
                       const char  *by,
                       const char  *program)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  Writing writing = { sheet, file, 0 };
  IssPresence *presence;

  g_return_val_if_fail (ISS_IS_RUN_SHEET (sheet), NULL);
  g_return_val_if_fail (by != NULL && program != NULL, NULL);

  g_key_file_set_integer (file, ISS_ROLL_RECORD_GROUP, "format", ISS_ROLL_RECORD_FORMAT);
  set_text (file, ISS_ROLL_RECORD_GROUP, "pool", iss_run_sheet_get_pool (sheet));
  set_text (file, ISS_ROLL_RECORD_GROUP, "type", iss_run_sheet_get_type_of (sheet)->name);
  set_time (file, ISS_ROLL_RECORD_GROUP, "made", iss_run_sheet_get_now (sheet));
  set_text (file, ISS_ROLL_RECORD_GROUP, "by", by);
  set_text (file, ISS_ROLL_RECORD_GROUP, "program", program);

  presence = iss_run_sheet_get_presence (sheet);
  write_change (&writing);
  write_checks (&writing);
  for (guint i = 0; i < iss_presence_get_n_servers (presence); i++)
    write_server (&writing, iss_presence_get_server (presence, i), i);

  return g_key_file_to_data (file, NULL, NULL);
}

/**
 * iss_roll_record_join:
 * @text: the text of a record
 * @message: the administrator's signature of it
 *
 * Returns: (transfer full): the file
 */
GBytes *
iss_roll_record_join (GBytes *text,
                      GBytes *message)
{
  GByteArray *file = g_byte_array_new ();
  g_autofree char *base64 = NULL;
  gsize size;

  g_return_val_if_fail (text != NULL && message != NULL, NULL);

  g_byte_array_append (file, g_bytes_get_data (text, NULL), (guint) g_bytes_get_size (text));
  g_byte_array_append (file, (const guint8 *) "\n" ISS_ROLL_RECORD_BEGIN "\n",
                       strlen ("\n" ISS_ROLL_RECORD_BEGIN "\n"));

  base64 = g_base64_encode (g_bytes_get_data (message, NULL), g_bytes_get_size (message));
  size = strlen (base64);
  for (gsize i = 0; i < size; i += PEM_WIDTH)
    {
      g_byte_array_append (file, (const guint8 *) base64 + i, (guint) MIN (PEM_WIDTH, size - i));
      g_byte_array_append (file, (const guint8 *) "\n", 1);
    }
  g_byte_array_append (file, (const guint8 *) ISS_ROLL_RECORD_END "\n",
                       strlen (ISS_ROLL_RECORD_END "\n"));

  return g_byte_array_free_to_bytes (file);
}

/**
 * iss_roll_record_sign:
 * @text: what iss_roll_record_write() returned
 * @signer: the administrator's certificate
 * @key: its private key
 * @at: the time
 * @error: return location for an error
 *
 * Errors: as iss_signed_data_sign(); %ISS_ERROR_TOO_LARGE over 4 MiB.
 *
 * Returns: (transfer full): the file to be kept
 */
GBytes *
iss_roll_record_sign (const char      *text,
                      IssCertificate  *signer,
                      IssPrivateKey   *key,
                      gint64           at,
                      GError         **error)
{
  g_autoptr(GBytes) content = NULL;
  g_autoptr(GBytes) message = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  content = g_bytes_new (text, strlen (text));
  if (g_bytes_get_size (content) > ISS_ROLL_RECORD_MAX_SIZE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The roll record is larger than %d MiB"),
                   ISS_ROLL_RECORD_MAX_SIZE / (1024 * 1024));
      return NULL;
    }

  message = iss_signed_data_sign (content, signer, key, at, error);

  return message != NULL ? iss_roll_record_join (content, message) : NULL;
}

static int
open_folder (const char  *path,
             GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd < 0)
    iss_error_set_from_errno (error, errno, _("The folder %s cannot be opened"), folder);

  return fd;
}

/**
 * iss_roll_record_save:
 * @file: what iss_roll_record_sign() returned
 * @path: where to
 * @replace: whether a file that is there is replaced
 * @error: return location for an error
 *
 * Errors: %ISS_ERROR_EXISTS, or why it cannot be written.
 *
 * Returns: whether it is there, whole
 */
gboolean
iss_roll_record_save (GBytes      *file,
                      const char  *path,
                      gboolean     replace,
                      GError     **error)
{
  g_autofree char *name = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean is_saved;
  int fd;

  g_return_val_if_fail (file != NULL && path != NULL, FALSE);

  name = g_path_get_basename (path);
  fd = open_folder (path, error);
  if (fd < 0)
    return FALSE;

  is_saved = replace ? iss_atomic_file_replace (fd, name, g_bytes_get_data (file, NULL),
                                                g_bytes_get_size (file), 0644, &local_error)
                     : iss_atomic_file_create (fd, name, g_bytes_get_data (file, NULL),
                                               g_bytes_get_size (file), 0644, &local_error);
  close (fd);

  if (!is_saved)
    g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "%s: ", path);

  return is_saved;
}

/**
 * iss_roll_record_load:
 * @path: a file, of a roll record or of certificates
 * @error: return location for an error
 *
 * Returns: (transfer full): what is in it, at most %ISS_ROLL_RECORD_MAX_FILE bytes
 */
GBytes *
iss_roll_record_load (const char  *path,
                      GError     **error)
{
  g_autofree char *name = NULL;
  GBytes *file;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  name = g_path_get_basename (path);
  fd = open_folder (path, error);
  if (fd < 0)
    return NULL;

  file = iss_atomic_file_read (fd, name, ISS_ROLL_RECORD_MAX_FILE, error);
  close (fd);
  if (file == NULL)
    g_prefix_error (error, "%s: ", path);

  return file;
}
