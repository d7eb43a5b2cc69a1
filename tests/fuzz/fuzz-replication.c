/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/central-store.h"
#include "core/formats/signed-data.h"
#include "core/replication/arming.h"
#include "core/replication/seal-request.h"
#include "tests/fuzz/target.h"

#define POOL "pool01.contoso.example"
#define SERVER "fe01.contoso.example"
#define ID "5e1f"
#define HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define MAX_CONTENT (64 * 1024)

/* The first byte says which of the readers gets the rest. */
typedef enum
{
  READER_ADMINISTRATORS,
  READER_ARMING,
  READER_SEAL_REQUEST,
  READER_ENROLMENT,
  READER_WANTED,
  READER_REPORT,
  READER_REPLICA_STATE,
  N_READERS
} Reader;

static IssManifest *
make_manifest (void)
{
  IssManifest *manifest = iss_manifest_new (POOL, "",
                                            iss_certificate_type_find ("OAuthTokenIssuer"), 3);

  iss_manifest_set_slot (manifest, ISS_SLOT_CURRENT, iss_seeds_get_signer ()->other, NULL);
  iss_manifest_set_slot (manifest, ISS_SLOT_STAGED, iss_seeds_get_signer ()->certificate, NULL);
  manifest->staged_at = ISS_SEEDS_NOW + 60;
  manifest->held = TRUE;

  return manifest;
}

static void
add (GPtrArray *seeds,
     Reader     reader,
     GBytes    *rest)
{
  GByteArray *seed = g_byte_array_new ();
  const guint8 selector = (guint8) reader;

  g_byte_array_append (seed, &selector, 1);
  g_byte_array_append (seed, g_bytes_get_data (rest, NULL), (guint) g_bytes_get_size (rest));
  g_ptr_array_add (seeds, g_byte_array_free_to_bytes (seed));
}

/* Once as it is, and once as what an administrator who means ill is to sign. */
static void
add_signed (GPtrArray *seeds,
            Reader     reader,
            GBytes    *message)
{
  g_autoptr(GBytes) owned = message;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) content =
    iss_signed_data_verify (message, iss_seeds_get_signer ()->certificates, MAX_CONTENT, NULL,
                            NULL, &error);

  g_assert_no_error (error);
  add (seeds, reader, message);
  add (seeds, reader, content);
}

static void
add_wanted (GPtrArray         *seeds,
            const IssManifest *manifest)
{
  const IssSeedsSigner *signer = iss_seeds_get_signer ();
  static const char *const excepted[] = { SERVER, NULL };
  GBytes *const none[ISS_N_SLOTS] = { NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) arming = iss_arming_sign (manifest, signer->certificate, signer->key,
                                              ISS_SEEDS_NOW, &error);
  g_autoptr(GBytes) bytes = iss_package_compose (manifest, none, signer->certificate, signer->key,
                                                 ISS_SEEDS_NOW, &error);
  g_autoptr(IssPackage) copy = iss_package_verify (bytes, signer->certificates, &error);
  g_autoptr(IssWanted) wanted = NULL;
  g_autoptr(GBytes) encoded = NULL;

  g_assert_no_error (error);
  wanted = iss_wanted_new (copy, arming, excepted);
  iss_wanted_set_server (wanted, SERVER, HEX);
  encoded = iss_wanted_encode (wanted);
  add (seeds, READER_WANTED, encoded);
}

static void
add_report (GPtrArray *seeds)
{
  static const char text[] =
    "{'time': <int64 1>, 'pool': <'" POOL "'>, 'administrators': <uint64 2>, 'types': <["
    "{'type': <'OAuthTokenIssuer'>, 'revision': <uint64 3>, 'package': <'" HEX "'>, "
    "'deployed': <true>, 'local': <false>, 'held': <true>, 'reason': <'no'>, "
    "'current': <'" HEX "'>, 'current-rung': <uint32 6>, 'staged-at': <int64 5>}]>}";
  g_autoptr(IssReplicaReport) report = iss_replica_report_new (SERVER);
  g_autoptr(GVariant) state = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) encoded = NULL;
  g_autoptr(GError) error = NULL;

  state = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);
  g_assert_no_error (error);
  bytes = g_variant_get_data_as_bytes (state);
  add (seeds, READER_REPLICA_STATE, bytes);

  report->state = iss_replica_state_from_variant (state, &error);
  g_assert_no_error (error);
  report->tried = report->seen = ISS_SEEDS_NOW;
  report->failures = 3;
  report->error = g_strdup ("no answer");
  report->version = g_strdup ("1");
  encoded = iss_replica_report_encode (report);
  add (seeds, READER_REPORT, encoded);
}

void
iss_target_add_seeds (GPtrArray *seeds)
{
  const IssSeedsSigner *signer = iss_seeds_get_signer ();
  IssCertificate *certificate = signer->certificate;
  g_autoptr(IssManifest) manifest = make_manifest ();
  g_autoptr(IssAdministrators) administrators =
    iss_administrators_new (POOL, 1, signer->certificates);
  g_autoptr(IssSealRequest) request =
    iss_seal_request_new (POOL, ID, iss_certificate_get_sha256 (certificate),
                          signer->certificates);
  g_autoptr(IssEnrolment) enrolment =
    iss_enrolment_new (POOL, SERVER, ID, certificate, "ssh://fe01", "SHA256:x", ISS_SEEDS_NOW);
  g_autoptr(GError) error = NULL;

  add_signed (seeds, READER_ADMINISTRATORS,
              iss_administrators_sign (administrators, certificate, signer->key, ISS_SEEDS_NOW,
                                       &error));
  add_signed (seeds, READER_ARMING,
              iss_arming_sign (manifest, certificate, signer->key, ISS_SEEDS_NOW, &error));
  add_signed (seeds, READER_SEAL_REQUEST,
              iss_seal_request_sign (request, certificate, signer->key, ISS_SEEDS_NOW, &error));
  add_signed (seeds, READER_ENROLMENT,
              iss_enrolment_sign (enrolment, certificate, signer->key, &error));
  g_assert_no_error (error);
  add_wanted (seeds, manifest);
  add_report (seeds);
}

static void
try_administrators (GBytes *bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) read_error = NULL;
  g_autoptr(IssAdministrators) set = iss_administrators_verify (bytes, NULL, &error);
  g_autoptr(IssAdministrators) read = iss_administrators_read (bytes, &read_error);

  iss_seeds_assert_refused (set != NULL, error);
  iss_seeds_assert_refused (read != NULL, read_error);
  if (set != NULL)
    g_assert_cmpuint (set->version, >, 0);
}

/* Only what was signed for this manifest arms it. */
static void
try_arming (GBytes *bytes)
{
  g_autoptr(IssManifest) manifest = make_manifest ();
  g_autoptr(GError) error = NULL;
  const gboolean is_armed = iss_arming_verify (bytes, manifest,
                                               iss_seeds_get_signer ()->certificates, &error);

  iss_seeds_assert_refused (is_armed, error);
}

static void
try_seal_request (GBytes *bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssSealRequest) request =
    iss_seal_request_verify (bytes, POOL, ID, iss_seeds_get_signer ()->certificates, &error);

  iss_seeds_assert_refused (request != NULL, error);
}

static void
try_enrolment (GBytes *bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssEnrolment) enrolment =
    iss_enrolment_verify (bytes, POOL, SERVER, iss_seeds_get_signer ()->certificates, &error);

  iss_seeds_assert_refused (enrolment != NULL, error);
}

static void
try_wanted (GBytes *bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssWanted) wanted = iss_wanted_decode (bytes, iss_seeds_get_signer ()->certificates,
                                                   &error);
  g_autoptr(GBytes) again = NULL;

  iss_seeds_assert_refused (wanted != NULL, error);
  if (wanted != NULL)
    again = iss_wanted_encode (wanted);
}

static void
try_report (GBytes *bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssReplicaReport) report = iss_replica_report_decode (SERVER, bytes, &error);
  g_autoptr(GBytes) again = NULL;

  iss_seeds_assert_refused (report != NULL, error);
  if (report == NULL)
    return;

  iss_replica_report_get_next_try (report, 1);
  again = iss_replica_report_encode (report);
}

static void
try_replica_state (GBytes *bytes)
{
  g_autoptr(GVariant) variant = iss_seeds_read_variant ("a{sv}", g_bytes_get_data (bytes, NULL),
                                                        g_bytes_get_size (bytes));
  g_autoptr(GError) error = NULL;
  g_autoptr(IssReplicaState) state = iss_replica_state_from_variant (variant, &error);

  iss_seeds_assert_refused (state != NULL, error);
  for (guint i = 0; state != NULL && i < iss_replica_state_get_n_types (state); i++)
    g_assert_nonnull (iss_replica_state_get_type_at (state, i)->type);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static void (* const readers[N_READERS]) (GBytes *bytes) =
    {
      [READER_ADMINISTRATORS] = try_administrators,
      [READER_ARMING] = try_arming,
      [READER_SEAL_REQUEST] = try_seal_request,
      [READER_ENROLMENT] = try_enrolment,
      [READER_WANTED] = try_wanted,
      [READER_REPORT] = try_report,
      [READER_REPLICA_STATE] = try_replica_state,
    };
  g_autoptr(GBytes) rest = NULL;
  g_autoptr(GBytes) message = NULL;
  Reader reader;

  if (size < 1)
    return 0;

  reader = (Reader) (data[0] % N_READERS);
  rest = g_bytes_new (data + 1, size - 1);
  readers[reader] (rest);
  if (reader > READER_ENROLMENT)
    return 0;

  message = iss_seeds_sign (rest);
  readers[reader] (message);

  return 0;
}
