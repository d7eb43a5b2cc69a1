/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pfx-report.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/formats/certificate-file.h"

#include <glib/gi18n-lib.h>

/* Beside the causes of IssPfxCause. For scripts: they never change. */
static const char *const cause_words[] =
{
  NULL,
  "not a PFX",
  "password needed",
  "wrong password",
  "another password for a part",
  "algorithm not available",
  "protected for a group",
  "sealed with a key",
  "too costly",
  "too large",
  NULL,                 /* an empty one opens */
  "damaged",
};

G_STATIC_ASSERT (G_N_ELEMENTS (cause_words) == ISS_PFX_CAUSE_DAMAGED + 1);

static char *
dup_other_format (GBytes *bytes)
{
  switch (iss_certificate_file_sniff (bytes))
    {
    case ISS_FORMAT_PEM:
      return g_strdup (_("This is a PEM file, not a PFX file: it can be imported as it is"));

    case ISS_FORMAT_PKCS7:
      return g_strdup (_("This is a PKCS#7 file, not a PFX file: it holds certificates only"));

    case ISS_FORMAT_SST:
      return g_strdup (_("This is a serialized store (SST), not a PFX file: it holds "
                         "certificates only"));

    case ISS_FORMAT_DER:
    case ISS_FORMAT_PFX:
    case ISS_FORMAT_UNKNOWN:
      break;
    }

  return NULL;
}

/* The reader of all formats has the plainest sentence for what is none. */
static char *
dup_no_pfx (GBytes *bytes)
{
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GError) error = NULL;
  char *other = dup_other_format (bytes);

  if (other != NULL)
    return other;

  bundle = iss_certificate_file_read (bytes, NULL, &error);

  return g_strdup (bundle != NULL
                   ? _("This is a certificate, not a PFX file: there is no private key in it")
                   : error->message);
}

static void
add (GPtrArray      *lines,
     IssPfxLineKind  kind,
     const char     *name,
     char           *value)
{
  IssPfxLine *line = g_new0 (IssPfxLine, 1);

  line->kind = kind;
  line->name = g_strdup (name);
  line->value = value;
  g_ptr_array_add (lines, line);
}

static void
line_free (gpointer data)
{
  IssPfxLine *line = data;

  g_free (line->name);
  g_free (line->value);
  g_free (line);
}

static char *
dup_rounds (guint64 rounds)
{
  if (rounds == 0)
    return g_strdup (_("an unreadable number of rounds"));

  if (rounds == G_MAXUINT64)
    return g_strdup (_("more rounds than can be counted"));

  /* Translators: how often a key derivation goes round */
  return g_strdup_printf (ngettext ("%'" G_GUINT64_FORMAT " round",
                                    "%'" G_GUINT64_FORMAT " rounds", (gulong) rounds), rounds);
}

static void
add_integrity (GPtrArray           *lines,
               const IssPfxOutline *outline)
{
  g_autofree char *rounds = dup_rounds (outline->rounds);
  const char *digest = outline->digest != NULL ? outline->digest : _("unreadable");
  const char *name = _("Integrity");

  if (outline->is_signed)
    {
      add (lines, ISS_PFX_LINE_WARNING, name,
           g_strdup (_("Sealed with somebody's key, not with a password")));
      return;
    }

  switch (outline->integrity)
    {
    case ISS_INTEGRITY_NONE:
      add (lines, ISS_PFX_LINE_WARNING, name,
           g_strdup (_("Not protected: nothing would show a change")));
      break;

    case ISS_INTEGRITY_HMAC:
      /* Translators: a digest's name, and "2,048 rounds" */
      add (lines, ISS_PFX_LINE_FACT, name, g_strdup_printf (_("HMAC with %s, %s"), digest, rounds));
      break;

    case ISS_INTEGRITY_PBMAC1:
      /* Translators: a MAC's name, and "2,048 rounds" */
      add (lines, ISS_PFX_LINE_FACT, name,
           g_strdup_printf (_("PBMAC1 with %s, %s"), digest, rounds));
      break;
    }
}

static char *
dup_part (const IssPfxOutlinePart *part)
{
  g_autofree char *rounds = NULL;

  switch (part->scheme)
    {
    case ISS_PFX_SCHEME_CLEAR:
      return g_strdup (_("not encrypted"));

    case ISS_PFX_SCHEME_GROUP:
      return g_strdup (_("protected for a Windows group or a public key"));

    case ISS_PFX_SCHEME_UNKNOWN:
      if (part->algorithm == NULL)
        return g_strdup (_("protected in a way that cannot be read here"));
      break;

    case ISS_PFX_SCHEME_TRIPLEDES:
    case ISS_PFX_SCHEME_OLD:
    case ISS_PFX_SCHEME_AES:
    case ISS_PFX_SCHEME_OTHER:
    case ISS_PFX_SCHEME_MISNAMED:
      break;
    }

  /* Of scrypt, and of what is not known, there are no rounds. */
  if (part->rounds == 0)
    return g_strdup (part->algorithm);

  rounds = dup_rounds (part->rounds);

  return g_strdup_printf ("%s, %s", part->algorithm, rounds);
}

static gboolean
are_alike (const IssPfxOutlinePart *a,
           const IssPfxOutlinePart *b)
{
  return a->is_key == b->is_key && a->scheme == b->scheme && a->rounds == b->rounds &&
         g_strcmp0 (a->algorithm, b->algorithm) == 0;
}

static void
add_parts (GPtrArray           *lines,
           const IssPfxOutline *outline)
{
  for (guint i = 0; i < outline->parts->len; i++)
    {
      const IssPfxOutlinePart *part = g_ptr_array_index (outline->parts, i);
      g_autofree char *name = NULL;
      gboolean is_repeated = FALSE;
      guint n = 0;

      for (guint k = 0; k < outline->parts->len; k++)
        {
          gboolean same = are_alike (part, g_ptr_array_index (outline->parts, k));

          is_repeated |= same && k < i;
          n += same;
        }

      if (is_repeated)
        continue;

      if (part->is_key)
        name = n == 1 ? g_strdup (_("Private key"))
                      : g_strdup_printf (ngettext ("%u private key", "%u private keys", n), n);
      else
        name = n == 1 ? g_strdup (_("Content"))
                      : g_strdup_printf (ngettext ("%u part", "%u parts", n), n);

      add (lines, part->scheme == ISS_PFX_SCHEME_CLEAR ? ISS_PFX_LINE_WARNING : ISS_PFX_LINE_FACT,
           name, dup_part (part));
    }
}

static void
add_clear (GPtrArray           *lines,
           const IssPfxOutline *outline)
{
  g_autofree char *certificates = NULL;
  g_autofree char *keys = NULL;

  if (outline->n_certificates == 0 && outline->n_keys == 0)
    return;

  certificates = g_strdup_printf (ngettext ("%u certificate", "%u certificates",
                                            outline->n_certificates), outline->n_certificates);
  keys = g_strdup_printf (ngettext ("%u private key", "%u private keys", outline->n_keys),
                          outline->n_keys);

  add (lines, outline->n_keys > 0 ? ISS_PFX_LINE_WARNING : ISS_PFX_LINE_FACT,
       _("Open to everybody"),
       outline->n_keys == 0 ? g_strdup (certificates)
                            : g_strdup_printf ("%s, %s", certificates, keys));
}

static void
add_openers (GPtrArray           *lines,
             const IssPfxOutline *outline)
{
  add (lines, ISS_PFX_LINE_HEADING, _("Opened by"), g_strdup (""));

  for (guint i = 0; i < ISS_PFX_OPENER_N; i++)
    {
      IssPfxOpener opener = iss_pfx_opener_judge (outline, i);
      IssPfxLineKind kind = opener.verdict == ISS_PFX_OPENER_YES ? ISS_PFX_LINE_GOOD
                            : opener.verdict == ISS_PFX_OPENER_NO ? ISS_PFX_LINE_BAD
                                                                  : ISS_PFX_LINE_WARNING;

      add (lines, kind, opener.name, iss_pfx_opener_dup_text (&opener));
    }
}

static char *
dup_key (IssPrivateKey *key,
         IssPairing     pairing)
{
  const char *algorithm = iss_private_key_get_algorithm (key);
  guint bits = iss_private_key_get_bits (key);

  if (pairing == ISS_PAIRING_CONTRADICTED)
    return g_strdup_printf (_("%s, %u bits; the file marks it for another certificate, so that "
                              "others may not find it"), algorithm, bits);

  return g_strdup_printf (_("%s, %u bits"), algorithm, bits);
}

static void
add_certificate (GPtrArray *lines,
                 IssBundle *bundle,
                 guint      index,
                 GTimeZone *zone)
{
  IssCertificate *certificate = iss_bundle_get_certificate (bundle, index);
  IssPrivateKey *key = iss_bundle_get_key_for (bundle, index);
  IssPairing pairing = iss_bundle_get_pairing (bundle, index);
  const char *name = iss_bundle_get_friendly_name (bundle, index);
  const char *csp_name = iss_bundle_get_csp_name (bundle, index);

  add (lines, ISS_PFX_LINE_FACT, _("Certificate"),
       g_strdup (iss_certificate_get_issued_to (certificate)));
  add (lines, ISS_PFX_LINE_FACT, _("Issued by"),
       g_strdup (iss_certificate_get_issued_by (certificate)));
  add (lines, ISS_PFX_LINE_FACT, _("Expires"),
       iss_time_text_date (iss_certificate_get_not_after (certificate), zone));
  add (lines, ISS_PFX_LINE_FACT, _("Thumbprint"),
       iss_text_thumbprint (iss_certificate_get_sha1 (certificate)));
  if (name != NULL)
    add (lines, ISS_PFX_LINE_FACT, _("Friendly name"), g_strdup (name));
  if (key != NULL)
    add (lines, pairing == ISS_PAIRING_CONTRADICTED ? ISS_PFX_LINE_WARNING : ISS_PFX_LINE_FACT,
         _("Private key"), dup_key (key, pairing));
  if (csp_name != NULL)
    add (lines, ISS_PFX_LINE_FACT, _("Kept by"), g_strdup (csp_name));
}

static gboolean
has_certificate (IssBundle     *bundle,
                 IssPrivateKey *key)
{
  for (guint i = 0; i < iss_bundle_get_n_certificates (bundle); i++)
    {
      if (iss_bundle_get_key_for (bundle, i) == key)
        return TRUE;
    }

  return FALSE;
}

static void
add_contents (GPtrArray *lines,
              IssBundle *bundle,
              GTimeZone *zone)
{
  for (guint i = 0; i < iss_bundle_get_n_certificates (bundle); i++)
    {
      add (lines, ISS_PFX_LINE_HEADING, i == 0 ? _("Contents") : "", g_strdup (""));
      add_certificate (lines, bundle, i, zone);
    }

  if (iss_bundle_get_n_unpaired_keys (bundle) == 0)
    return;

  add (lines, ISS_PFX_LINE_HEADING, _("Without a certificate"), g_strdup (""));
  for (guint i = 0; i < iss_bundle_get_n_keys (bundle); i++)
    {
      IssPrivateKey *key = iss_bundle_get_key (bundle, i);

      if (!has_certificate (bundle, key))
        add (lines, ISS_PFX_LINE_WARNING, _("Private key"), dup_key (key, ISS_PAIRING_NONE));
    }
}

/**
 * iss_pfx_report_new:
 * @bytes: a file
 * @password: (nullable): its password; %NULL if none was given
 *
 * Looks at the file from the outside, then tries to open it. As costly as
 * iss_pfx_read_with_cause(): not for the main thread.
 *
 * Returns: (transfer full): what can be said of it
 */
IssPfxReport *
iss_pfx_report_new (GBytes    *bytes,
                    IssSecret *password)
{
  g_autoptr(GError) error = NULL;
  IssPfxReport *self;

  g_return_val_if_fail (bytes != NULL, NULL);

  self = g_new0 (IssPfxReport, 1);
  self->outline = iss_pfx_outline_read (bytes);

  if (self->outline == NULL && g_bytes_get_size (bytes) <= ISS_CERTIFICATE_FILE_MAX_SIZE &&
      !iss_pfx_looks_like (bytes))
    {
      self->cause = ISS_PFX_CAUSE_NOT_PFX;
      self->message = dup_no_pfx (bytes);
      return self;
    }

  self->bundle = iss_pfx_read_with_cause (bytes, password, &self->cause, &error);
  if (self->cause == ISS_PFX_CAUSE_EMPTY)
    self->cause = ISS_PFX_CAUSE_NONE;
  if (self->bundle == NULL)
    self->message = g_strdup (error->message);

  return self;
}

/**
 * iss_pfx_report_new_from_error:
 * @error: why the file was not even read
 *
 * Returns: (transfer full): a report that says so
 */
IssPfxReport *
iss_pfx_report_new_from_error (const GError *error)
{
  IssPfxReport *self;

  g_return_val_if_fail (error != NULL, NULL);

  self = g_new0 (IssPfxReport, 1);
  self->cause = g_error_matches (error, ISS_ERROR, ISS_ERROR_TOO_LARGE) ? ISS_PFX_CAUSE_TOO_LARGE
                                                                        : ISS_PFX_CAUSE_NOT_PFX;
  self->message = g_strdup (error->message);

  return self;
}

/**
 * iss_pfx_report_free:
 * @self: (transfer full): a report
 */
void
iss_pfx_report_free (IssPfxReport *self)
{
  g_clear_pointer (&self->outline, iss_pfx_outline_free);
  g_clear_object (&self->bundle);
  g_free (self->message);
  g_free (self);
}

/**
 * iss_pfx_report_get_cause_word:
 * @self: a report
 *
 * Returns: (nullable): the cause for scripts, which never changes; %NULL if it opens
 */
const char *
iss_pfx_report_get_cause_word (const IssPfxReport *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (self->cause < G_N_ELEMENTS (cause_words), NULL);

  return cause_words[self->cause];
}

/**
 * iss_pfx_report_get_integrity_word:
 * @self: a report
 *
 * Returns: (nullable): what vouches for the content, for scripts: "hmac", "pbmac1" or
 *   "none"; %NULL if that cannot be seen
 */
const char *
iss_pfx_report_get_integrity_word (const IssPfxReport *self)
{
  static const char *const words[] = { "none", "hmac", "pbmac1" };

  g_return_val_if_fail (self != NULL, NULL);

  return self->outline != NULL ? words[self->outline->integrity] : NULL;
}

/**
 * iss_pfx_report_dup_lines:
 * @self: a report
 * @zone: where the reader is
 *
 * Puts it into words, the same in the window and in the shell.
 *
 * Returns: (transfer full) (element-type IssPfxLine): the lines
 */
GPtrArray *
iss_pfx_report_dup_lines (const IssPfxReport *self,
                          GTimeZone          *zone)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);

  g_return_val_if_fail (self != NULL, lines);

  if (self->bundle != NULL)
    add (lines, ISS_PFX_LINE_GOOD, _("Opens"), g_strdup (_("yes")));
  else if (self->cause == ISS_PFX_CAUSE_PASSWORD_NEEDED)
    add (lines, ISS_PFX_LINE_FACT, _("Opens"), g_strdup (_("with a password")));
  else if (self->cause == ISS_PFX_CAUSE_NOT_PFX)
    add (lines, ISS_PFX_LINE_WARNING, _("PFX file"), g_strdup_printf (_("no: %s"), self->message));
  else
    add (lines, ISS_PFX_LINE_BAD, _("Opens"), g_strdup_printf (_("no: %s"), self->message));

  if (self->outline != NULL)
    {
      add_integrity (lines, self->outline);
      add_parts (lines, self->outline);
      add_clear (lines, self->outline);
      add_openers (lines, self->outline);
    }

  if (self->bundle != NULL && iss_bundle_get_n_certificates (self->bundle) == 0 &&
      iss_bundle_get_n_keys (self->bundle) == 0)
    {
      add (lines, ISS_PFX_LINE_HEADING, _("Contents"), g_strdup (""));
      add (lines, ISS_PFX_LINE_WARNING, _("Nothing"),
           g_strdup (_("there is neither a certificate nor a private key in this file")));
    }
  else if (self->bundle != NULL)
    {
      add_contents (lines, self->bundle, zone);
    }

  return lines;
}
