/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pfx-opener.h"

#include <glib/gi18n-lib.h>

/* .NET's limit for one derivation, and with it that of Windows' newer tools; Java's. */
#define DOTNET_MAX_ROUNDS 600000
#define JAVA_MAX_ROUNDS 5000000

typedef IssPfxOpener (* JudgeFunc) (const IssPfxOutline *outline);

static IssPfxOpener
say (IssPfxOpenerVerdict  verdict,
     const char          *reason)
{
  const IssPfxOpener self = { NULL, verdict, reason };

  return self;
}

static gboolean
is_modern (const IssPfxOutline *outline)
{
  return iss_pfx_outline_has (outline, ISS_PFX_SCHEME_AES) ||
         iss_pfx_outline_has (outline, ISS_PFX_SCHEME_MISNAMED) ||
         (outline->integrity == ISS_INTEGRITY_HMAC && !outline->is_sha1);
}

/* "The password you entered is incorrect" for whatever it does not know. */
static IssPfxOpener
judge_windows_2016 (const IssPfxOutline *outline)
{
  if (iss_pfx_outline_has (outline, ISS_PFX_SCHEME_GROUP))
    return say (ISS_PFX_OPENER_IF, _("for members of the group it is protected for"));

  if (outline->integrity == ISS_INTEGRITY_PBMAC1)
    return say (ISS_PFX_OPENER_NO, _("it does not know PBMAC1"));

  if (iss_pfx_outline_has (outline, ISS_PFX_SCHEME_AES) ||
      iss_pfx_outline_has (outline, ISS_PFX_SCHEME_MISNAMED) ||
      iss_pfx_outline_has (outline, ISS_PFX_SCHEME_OTHER))
    return say (ISS_PFX_OPENER_NO,
                _("it knows TripleDES only and will say that the password is wrong"));

  if (outline->integrity == ISS_INTEGRITY_HMAC && !outline->is_sha1)
    return say (ISS_PFX_OPENER_NO,
                _("it knows SHA-1 only and will say that the password is wrong"));

  if (outline->integrity == ISS_INTEGRITY_NONE)
    return say (ISS_PFX_OPENER_UNKNOWN, _("there is no MAC"));

  return say (ISS_PFX_OPENER_YES, NULL);
}

static IssPfxOpener
judge_windows_2019 (const IssPfxOutline *outline)
{
  if (iss_pfx_outline_has (outline, ISS_PFX_SCHEME_GROUP))
    return say (ISS_PFX_OPENER_IF, _("for members of the group it is protected for"));

  if (outline->integrity == ISS_INTEGRITY_PBMAC1)
    return say (ISS_PFX_OPENER_NO, _("it does not know PBMAC1"));

  if (iss_pfx_outline_has (outline, ISS_PFX_SCHEME_OTHER) ||
      iss_pfx_outline_has (outline, ISS_PFX_SCHEME_MISNAMED))
    return say (ISS_PFX_OPENER_UNKNOWN, _("it is known for AES and TripleDES only"));

  if (outline->integrity == ISS_INTEGRITY_NONE)
    return say (ISS_PFX_OPENER_UNKNOWN, _("there is no MAC"));

  if (iss_pfx_outline_get_max_rounds (outline) > DOTNET_MAX_ROUNDS)
    return say (ISS_PFX_OPENER_IF, _("programs with .NET refuse more than 600,000 rounds"));

  return say (ISS_PFX_OPENER_YES, NULL);
}

static IssPfxOpener
judge_openssl_1 (const IssPfxOutline *outline)
{
  if (iss_pfx_outline_has (outline, ISS_PFX_SCHEME_GROUP))
    return say (ISS_PFX_OPENER_NO, _("it is protected for a Windows group or a public key"));

  if (iss_pfx_outline_has (outline, ISS_PFX_SCHEME_MISNAMED))
    return say (ISS_PFX_OPENER_NO, _("the length of a key does not fit its cipher"));

  if (outline->integrity == ISS_INTEGRITY_PBMAC1)
    return say (ISS_PFX_OPENER_IF, _("with -nomacver, because it does not know PBMAC1"));

  if (outline->integrity == ISS_INTEGRITY_NONE)
    return say (ISS_PFX_OPENER_IF, _("with -nomacver, because there is no MAC"));

  return say (ISS_PFX_OPENER_YES, NULL);
}

static IssPfxOpener
judge_openssl_3 (const IssPfxOutline *outline)
{
  if (iss_pfx_outline_has (outline, ISS_PFX_SCHEME_GROUP))
    return say (ISS_PFX_OPENER_NO, _("it is protected for a Windows group or a public key"));

  if (iss_pfx_outline_has (outline, ISS_PFX_SCHEME_MISNAMED))
    return say (ISS_PFX_OPENER_NO, _("the length of a key does not fit its cipher"));

  if (outline->integrity == ISS_INTEGRITY_PBMAC1)
    return say (ISS_PFX_OPENER_IF, _("from 3.4; older ones, which do not know PBMAC1, with "
                                     "-nomacver"));

  if (iss_pfx_outline_needs_legacy (outline))
    return say (ISS_PFX_OPENER_IF, _("with -legacy, where the legacy provider is installed"));

  return say (ISS_PFX_OPENER_YES, NULL);
}

static IssPfxOpener
judge_java (const IssPfxOutline *outline)
{
  if (iss_pfx_outline_has (outline, ISS_PFX_SCHEME_GROUP))
    return say (ISS_PFX_OPENER_NO, _("it is protected for a Windows group or a public key"));

  if (outline->integrity == ISS_INTEGRITY_PBMAC1)
    return say (ISS_PFX_OPENER_IF, _("the newest only; others do not know PBMAC1"));

  /* sun.security.pkcs12.PKCS12KeyStore and com.sun.crypto.provider.PBES2Parameters */
  if (iss_pfx_outline_has (outline, ISS_PFX_SCHEME_OTHER))
    return say (ISS_PFX_OPENER_NO, _("of PBES2 it knows AES with PBKDF2 only"));

  if (iss_pfx_outline_has (outline, ISS_PFX_SCHEME_MISNAMED))
    return say (ISS_PFX_OPENER_NO, _("the length of a key does not fit its cipher"));

  if (outline->n_keys > 0)
    return say (ISS_PFX_OPENER_NO, _("it passes over private keys that are not encrypted"));

  if (iss_pfx_outline_get_max_rounds (outline) > JAVA_MAX_ROUNDS)
    return say (ISS_PFX_OPENER_NO, _("it refuses more than 5,000,000 rounds"));

  if (is_modern (outline) && outline->n_shrouded > 0)
    return say (ISS_PFX_OPENER_IF, _("from 8u301, 11.0.12 and 16; older ones know TripleDES and "
                                     "SHA-1 only"));

  /* What is encrypted might be a key, but nobody writes one so. */
  if (outline->n_shrouded == 0)
    return say (ISS_PFX_OPENER_IF, _("without a private key it shows only certificates that it "
                                     "has marked as trusted itself"));

  return say (ISS_PFX_OPENER_YES, NULL);
}

static IssPfxOpener
judge_macos (const IssPfxOutline *outline)
{
  if (iss_pfx_outline_has (outline, ISS_PFX_SCHEME_GROUP))
    return say (ISS_PFX_OPENER_NO, _("it is protected for a Windows group or a public key"));

  if (outline->integrity == ISS_INTEGRITY_PBMAC1 ||
      iss_pfx_outline_has (outline, ISS_PFX_SCHEME_MISNAMED) ||
      iss_pfx_outline_has (outline, ISS_PFX_SCHEME_OTHER))
    return say (ISS_PFX_OPENER_UNKNOWN, _("it is known for AES, TripleDES and RC2 only"));

  if (is_modern (outline))
    return say (ISS_PFX_OPENER_IF, _("not every version; many know TripleDES and SHA-1 only and "
                                     "say that the password is wrong"));

  if (outline->integrity == ISS_INTEGRITY_NONE)
    return say (ISS_PFX_OPENER_UNKNOWN, _("there is no MAC"));

  return say (ISS_PFX_OPENER_YES, NULL);
}

static const struct
{
  const char *name;
  JudgeFunc   judge;
} openers[ISS_PFX_OPENER_N] =
{
  { N_("Windows Server 2012 and 2016"), judge_windows_2016 },
  { N_("Windows Server 2019 and later"), judge_windows_2019 },
  { N_("OpenSSL 1.1"), judge_openssl_1 },
  { N_("OpenSSL 3"), judge_openssl_3 },
  { N_("Java"), judge_java },
  { N_("macOS"), judge_macos },
};

/**
 * iss_pfx_opener_verdict_word:
 * @verdict: a verdict
 *
 * Returns: it in a word for scripts, which never changes
 */
const char *
iss_pfx_opener_verdict_word (IssPfxOpenerVerdict verdict)
{
  static const char *const words[] = { "yes", "no", "depends", "unknown" };

  g_return_val_if_fail (verdict < G_N_ELEMENTS (words), "unknown");

  return words[verdict];
}

/**
 * iss_pfx_opener_dup_text:
 * @self: a program and a verdict
 *
 * Returns: (transfer full): the verdict for people
 */
char *
iss_pfx_opener_dup_text (const IssPfxOpener *self)
{
  switch (self->verdict)
    {
    case ISS_PFX_OPENER_YES:
      return g_strdup (_("yes"));

    case ISS_PFX_OPENER_NO:
      /* Translators: %s is such as "it does not know PBMAC1" */
      return g_strdup_printf (_("no: %s"), self->reason);

    case ISS_PFX_OPENER_IF:
      return g_strdup (self->reason);

    case ISS_PFX_OPENER_UNKNOWN:
      /* Translators: %s is such as "there is no MAC" */
      return g_strdup_printf (_("not known: %s"), self->reason);
    }

  g_assert_not_reached ();
}

/**
 * iss_pfx_opener_judge:
 * @outline: what can be said of a file
 * @index: less than %ISS_PFX_OPENER_N
 *
 * Says of one program whether it opens such a file: by Microsoft's page on
 * PKCS12_PBES2_EXPORT_PARAMS (AES from Windows 10 1709 and Server 2019), by what people report of
 * Windows and macOS, and by what OpenSSL and Java do (tests/vectors/test-openers.py asks those
 * that are here). The password, damage and key types are left out.
 *
 * Returns: the program and the verdict
 */
IssPfxOpener
iss_pfx_opener_judge (const IssPfxOutline *outline,
                      guint                index)
{
  IssPfxOpener opener = { "", ISS_PFX_OPENER_UNKNOWN, NULL };

  g_return_val_if_fail (outline != NULL, opener);
  g_return_val_if_fail (index < ISS_PFX_OPENER_N, opener);

  if (outline->is_signed)
    opener = say (ISS_PFX_OPENER_UNKNOWN, _("it is sealed with a key, not with a password"));
  else if (iss_pfx_outline_has (outline, ISS_PFX_SCHEME_UNKNOWN) || !outline->is_whole)
    opener = say (ISS_PFX_OPENER_UNKNOWN, _("a part of it cannot be read here"));
  else
    opener = openers[index].judge (outline);

  opener.name = _(openers[index].name);

  return opener;
}
