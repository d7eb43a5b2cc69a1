/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/vetting.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

#include "core/agent/agent-assign.h"
#include "core/agent/agent-copy.h"
#include "core/agent/agent-export.h"
#include "core/agent/agent-key-uri.h"
#include "core/agent/agent-replica.h"
#include "core/agent/agent-wire.h"
#include "core/base/error.h"
#include "core/formats/seal.h"
#include "core/formats/signed-data.h"
#include "core/replication/administrators.h"
#include "core/store/certificate-store.h"
#include "tests/core/replication/replica-fixture.h"
#include "tests/lib/agent-fixture.h"

#define FAILED "What was sent made its reader fail; nothing was changed"
#define NOW ISS_SERVER_FOLDER_NOW
#define OAUTH "OAuthTokenIssuer"

/* An enrolled server, and a place beside it. */
typedef struct
{
  IssReplicaFixture  replica;
  IssTempFolder     *temp;
  IssCertificate    *recipient;
  IssPrivateKey     *recipient_key;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  iss_replica_fixture_set_up (&self->replica, NULL);
  self->temp = iss_temp_folder_new ();
  self->recipient = iss_seal_make_recipient (&self->recipient_key, &error);
  g_assert_no_error (error);

  /* Personal has it, and its key is nowhere. */
  iss_certificate_store_add (self->replica.folder->root, ISS_STORE_MY, self->replica.one, NULL,
                             &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *self,
           gconstpointer  unused)
{
  g_object_unref (self->recipient);
  g_object_unref (self->recipient_key);
  iss_temp_folder_free (self->temp);
  iss_replica_fixture_tear_down (&self->replica, NULL);
}

static void
assert_no_children (void)
{
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

/* The agent, after it has left a line that it was started, and done what @script says. */
static char *
write_reader (Fixture    *self,
              const char *script)
{
  g_autofree char *agent = iss_agent_fixture_dup_program ();
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\necho \"$1\" >>%s/started\n%s\n"
                                           "exec %s \"$@\"\n",
                                           iss_temp_folder_get_path (self->temp), script, agent);
  char *path = iss_temp_folder_write (self->temp, "reader", text, -1);

  g_assert_no_errno (g_chmod (path, 0755));

  return path;
}

static char *
take_started (Fixture *self)
{
  g_autofree char *path = iss_temp_folder_dup_path (self->temp, "started");
  char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return g_strdup ("");

  g_assert_no_errno (g_unlink (path));

  return text;
}

static GBytes *
sign (Fixture    *self,
      const char *text)
{
  g_autoptr(GBytes) content = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;
  GBytes *message = iss_signed_data_sign (content, self->replica.admin, self->replica.admin_key,
                                          NOW, &error);

  g_assert_no_error (error);

  return message;
}

static GBytes *
sign_administrators (Fixture *self)
{
  g_autoptr(GPtrArray) certificates = g_ptr_array_new ();
  g_autoptr(IssAdministrators) administrators = NULL;
  g_autoptr(GError) error = NULL;
  GBytes *message;

  g_ptr_array_add (certificates, self->replica.admin);
  administrators = iss_administrators_new (ISS_REPLICA_FIXTURE_POOL, 2, certificates);
  message = iss_administrators_sign (administrators, self->replica.admin, self->replica.admin_key,
                                     NOW, &error);
  g_assert_no_error (error);

  return message;
}

static GBytes *
seal (Fixture *self)
{
  g_autoptr(IssSecret) clear = iss_secret_new ("1234", 4);
  g_autoptr(GError) error = NULL;
  GBytes *sealed = iss_seal_to (self->recipient, clear, &error);

  g_assert_no_error (error);

  return sealed;
}

static GBytes *
damage (GBytes *bytes,
        gsize   offset)
{
  guint8 *data = g_memdup2 (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  data[offset] ^= 1;

  return g_bytes_new_take (data, g_bytes_get_size (bytes));
}

/* Good ones pass, others are refused in the decoder's own words, and each by a process of its
 * own. */
static void
test_vetting_kinds (Fixture       *self,
                    gconstpointer  unused)
{
  g_autofree char *reader = write_reader (self, "");
  g_autoptr(GPtrArray) one = g_ptr_array_new ();
  g_autoptr(GPtrArray) admins = g_ptr_array_new ();
  g_autoptr(GPtrArray) nobody = g_ptr_array_new ();
  g_autoptr(GBytes) sealed = seal (self);
  g_autoptr(GBytes) other_seal = damage (sealed, 4);
  g_autoptr(GBytes) content = sign (self, "what an administrator says");
  g_autoptr(GBytes) forged = damage (content, g_bytes_get_size (content) - 1);
  g_autoptr(GBytes) set = sign_administrators (self);
  g_autoptr(GBytes) nonsense = g_bytes_new_static ("\x30\x84\xff\xff\xff\xff", 6);
  GBytes *der = iss_certificate_get_der (self->replica.one);
  g_autoptr(GBytes) cut = g_bytes_new_from_bytes (der, 0, g_bytes_get_size (der) - 1);
  const struct
    {
      IssVettingKind  kind;
      GBytes         *message;
      GPtrArray      *certificates;
      int             code;
      const char     *says;
    } cases[] =
    {
      { ISS_VETTING_CERTIFICATE, der, NULL, -1, NULL },
      { ISS_VETTING_CERTIFICATE, cut, NULL, ISS_ERROR_MALFORMED, "certificate" },
      { ISS_VETTING_CERTIFICATE, nonsense, NULL, ISS_ERROR_MALFORMED, "certificate" },
      { ISS_VETTING_SEAL, sealed, one, -1, NULL },
      { ISS_VETTING_SEAL, sealed, admins, ISS_ERROR_REFUSED, "for another recipient" },
      { ISS_VETTING_SEAL, sealed, nobody, ISS_ERROR_INVALID_ARGUMENT, "of no kind" },
      { ISS_VETTING_SEAL, other_seal, one, ISS_ERROR_MALFORMED, "is damaged" },
      { ISS_VETTING_SEAL, nonsense, one, ISS_ERROR_MALFORMED, "is damaged" },
      { ISS_VETTING_SEAL, content, one, ISS_ERROR_UNSUPPORTED, "does not show tampering" },
      { ISS_VETTING_SIGNED, content, admins, -1, NULL },
      { ISS_VETTING_SIGNED, content, one, ISS_ERROR_REFUSED, "not allowed to sign it" },
      { ISS_VETTING_SIGNED, content, nobody, ISS_ERROR_REFUSED, "not allowed to sign it" },
      { ISS_VETTING_SIGNED, forged, admins, ISS_ERROR_MALFORMED, "changed since it was signed" },
      { ISS_VETTING_SIGNED, nonsense, admins, ISS_ERROR_MALFORMED, "is damaged" },
      { ISS_VETTING_ADMINISTRATORS, set, NULL, -1, NULL },
      { ISS_VETTING_ADMINISTRATORS, content, NULL, ISS_ERROR_MALFORMED, "set of administrators" },
      { ISS_VETTING_ADMINISTRATORS, nonsense, NULL, ISS_ERROR_MALFORMED, "is damaged" },
    };

  g_ptr_array_add (one, self->recipient);
  g_ptr_array_add (admins, self->replica.admin);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *started = NULL;
      g_autoptr(GError) error = NULL;
      gboolean sound;

      g_test_message ("%u of kind %d", (guint) i, cases[i].kind);
      sound = iss_vetting_ask (reader, cases[i].kind, cases[i].message, cases[i].certificates,
                               NULL, &error);
      started = take_started (self);
      g_assert_cmpstr (started, ==, ISS_VETTING_OPTION "\n");
      assert_no_children ();

      g_assert_true (sound == (cases[i].code < 0));
      if (cases[i].code < 0)
        {
          g_assert_no_error (error);
          continue;
        }

      g_assert_error (error, ISS_ERROR, cases[i].code);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }
}

/* Whatever ends the reader, one error says so. */
static void
test_vetting_ended (Fixture       *self,
                    gconstpointer  unused)
{
  static const char *const scripts[] =
    {
      "exit 0",
      "kill -SEGV $$",
      "cat >&2; kill -XCPU $$",
      "cat >&2; printf 'ISP1\\0\\0\\0\\4\\0\\0\\0\\3' >&0; exit 0",
      "cat >&2; printf 'ISP1\\0\\0\\0\\5\\0\\0\\0\\2x' >&0; exit 0",

      /* Less memory than it takes to begin: what the kernel does to one that asks for more. */
      "ulimit -v 20000",
    };
  g_autoptr(GBytes) content = sign (self, "what an administrator says");
  g_autoptr(GPtrArray) admins = g_ptr_array_new ();

  g_ptr_array_add (admins, self->replica.admin);
  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autofree char *reader = write_reader (self, scripts[i]);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", scripts[i]);
      g_assert_false (iss_vetting_ask (reader, ISS_VETTING_SIGNED, content, admins, NULL, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
      g_assert_cmpstr (error->message, ==, FAILED);
      assert_no_children ();
    }
}

static void
test_vetting_too_large (void)
{
  g_autofree char *text = g_malloc0 (ISS_VETTING_MAX_SIZE + 1);
  g_autoptr(GBytes) huge = g_bytes_new_static (text, ISS_VETTING_MAX_SIZE + 1);
  g_autoptr(GError) error = NULL;

  g_assert_false (iss_vetting_ask ("/nowhere/agent", ISS_VETTING_SIGNED, huge, NULL, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
}

typedef struct
{
  const char         *name;
  IssAgentMethodFunc  func;
  GVariant           *parameters;   /* owned */
} Method;

static Method
method_of_call (const char         *name,
                IssAgentMethodFunc  func,
                IssAgentCall       *call)
{
  Method method = { name, func, g_variant_ref (iss_agent_call_get_parameters (call)) };

  iss_agent_call_unref (call);

  return method;
}

/* A call whose first argument crosses sealed. */
static Method
method_of_sealed (const char         *name,
                  IssAgentMethodFunc  func,
                  GBytes             *sealed,
                  IssAgentCall       *call)
{
  GVariant *others = iss_agent_call_get_parameters (call);
  const gsize n = g_variant_n_children (others);
  g_autoptr(GPtrArray) children = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  Method method = { name, func, NULL };

  g_ptr_array_add (children, g_variant_ref_sink (iss_agent_wire_new_bytes (sealed)));
  for (gsize i = 0; i < n; i++)
    g_ptr_array_add (children, g_variant_get_child_value (others, i));

  method.parameters = g_variant_ref_sink (
    g_variant_new_tuple ((GVariant **) children->pdata, children->len));
  iss_agent_call_unref (call);

  return method;
}

/* Every method that takes something to decode has it decoded elsewhere first: a reader that does
 * not come back is the end of it, and the server is as it was. */
static void
test_vetting_methods (Fixture       *self,
                      gconstpointer  unused)
{
  IssRootFolder *root = self->replica.folder->root;
  g_autofree char *reader = write_reader (self, "kill -SEGV $$");
  const IssAgentContext context = { root, "alice", NOW, self->recipient, self->recipient_key,
                                    reader };
  GBytes *sha256 = iss_certificate_get_sha256 (self->replica.one);
  g_autoptr(IssCertificate) held = iss_server_folder_hold (self->replica.folder, "held", NULL);
  const char *const types[] = { OAUTH, NULL };
  GBytes *const hashes[] = { sha256 };
  const IssAssignRequest replace =
    {
      .kind = ISS_TRANSITION_REPLACE, .types = types, .sha256 = hashes,
      .compromised = iss_certificate_get_der (self->replica.two),
    };
  const IssExportOptions export = { .format = ISS_EXPORT_PFX };
  g_autoptr(GBytes) sealed = seal (self);
  g_autoptr(GBytes) content = sign (self, "what an administrator says");
  g_autoptr(GBytes) set = sign_administrators (self);
  Method methods[] =
    {
      method_of_call ("SealFor", iss_agent_copy_run,
                      iss_agent_copy_new_seal_call (ISS_N_STORES, sha256, self->recipient, "fe02",
                                                    FALSE)),
      method_of_call ("ChangeAssignments", iss_agent_assign_run, iss_agent_assign_call (&replace)),
      method_of_sealed ("SetKeyUri", iss_agent_key_uri_run, sealed,
                        iss_agent_key_uri_call (sha256, "pkcs11:token=x;object=y", NULL, FALSE)),
      method_of_sealed ("Export", iss_agent_export_run, sealed,
                        iss_agent_export_new_call (ISS_STORE_MY, iss_certificate_get_sha256 (held),
                                                   &export, NULL)),
      method_of_call ("PinAdministrators", iss_agent_replica_run_pin,
                      iss_agent_replica_new_pin_call (set)),
      method_of_call ("DeliverPackage", iss_agent_replica_run_deliver,
                      iss_agent_replica_new_deliver_call (OAUTH, content, FALSE)),
      method_of_call ("ArmRoll", iss_agent_replica_run_arm,
                      iss_agent_replica_new_arm_call (OAUTH, content)),
      method_of_call ("SealForReplicas", iss_agent_replica_run_seal,
                      iss_agent_replica_new_seal_call (content)),
    };

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autoptr(GVariant) parameters = methods[i].parameters;
      g_autofree char *before = iss_temp_folder_dup_listing (self->replica.folder->folder);
      g_autofree char *after = NULL;
      g_autofree char *started = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", methods[i].name);
      g_assert_null (methods[i].func (&context, parameters, NULL, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
      g_assert_true (g_str_has_suffix (error->message, FAILED));
      started = take_started (self);
      g_assert_cmpstr (started, ==, ISS_VETTING_OPTION "\n");

      /* Only that a package was refused is written down. */
      after = iss_temp_folder_dup_listing (self->replica.folder->folder);
      if (methods[i].func != iss_agent_replica_run_deliver)
        g_assert_cmpstr (before, ==, after);
    }

  {
    g_autofree char *audit = iss_temp_folder_read (self->replica.folder->folder, "audit.jsonl",
                                                   NULL);

    g_assert_nonnull (strstr (audit, "\"refuse-package\""));
    g_assert_nonnull (strstr (audit, FAILED));
  }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/vetting/kinds", Fixture, NULL, set_up, test_vetting_kinds, tear_down);
  g_test_add ("/vetting/ended", Fixture, NULL, set_up, test_vetting_ended, tear_down);
  g_test_add_func ("/vetting/too-large", test_vetting_too_large);
  g_test_add ("/vetting/methods", Fixture, NULL, set_up, test_vetting_methods, tear_down);

  return g_test_run ();
}
